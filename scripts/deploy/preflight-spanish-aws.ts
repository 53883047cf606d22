/** What the checks of preflight that ask AWS say, in Spanish (Mexico). It has the form of {@link PREFLIGHT_SPANISH}. */
export const AWS_SPANISH: readonly (readonly [english: string, spanish: string])[] = [
  // The login and its rights.
  [
    "The instance is not checked: there are no AWS credentials on this machine.",
    "La instancia está sin revisar: en esta máquina no hay credenciales de AWS.",
  ],
  ["The instance is not checked until then.", "Hasta entonces, la instancia está sin revisar."],
  [
    "There is no AWS profile {}. Correct {}, or add the profile to {}.",
    "No existe el perfil de AWS {1}. Corrige {2}, o agrega el perfil a {3}.",
  ],
  ["the account {} (stack {}, {})", "la cuenta {1} (stack {2}, {3})"],
  [
    "AWS did not accept the login for {}: {}. Log in to that account, or pass its --profile.",
    "AWS no aceptó la sesión para {1}: {2}. Inicia sesión en esa cuenta, o pasa su --profile.",
  ],
  [
    "The AWS login is for the account {}, but the settings name {}. Log in to that account, or pass its --profile.",
    "La sesión de AWS es de la cuenta {1}, pero los ajustes nombran {2}. Inicia sesión en esa cuenta, o pasa su --profile.",
  ],
  ["unknown error", "error desconocido"],
  ["the login lacks the permission {}.", "a la sesión le falta el permiso {1}."],
  ["{}. Check the login, the Region and the network.", "{1}. Revisa la sesión, la región y la red."],
  ["Run npm run preflight again when AWS answers.", "Ejecuta npm run preflight otra vez cuando AWS responda."],
  ["The instance", "la instancia"],
  ["The storage of the instance", "el almacenamiento de la instancia"],
  ["The list of queues", "la lista de colas"],
  ["What actions need", "lo que necesitan las acciones"],
  ["The CDK's bootstrap", "la preparación de la cuenta para el CDK"],
  ["Lambda's concurrency", "la concurrencia de Lambda"],
  ["Transcribe's quota", "la cuota de Transcribe"],

  // The account.
  ["Run npx cdk bootstrap aws://{}/{}.", "Ejecuta npx cdk bootstrap aws://{1}/{2}."],
  ["The account is bootstrapped for the CDK in {} (version {}).", "La cuenta está preparada para el CDK en {1} (versión {2})."],
  [
    "The CDK's bootstrap in {} has version {}, and the CDK needs {}.",
    "La preparación de la cuenta para el CDK en {1} tiene la versión {2}, y el CDK necesita la {3}.",
  ],
  ["The account {} is not bootstrapped for the CDK in {}.", "La cuenta {1} no está preparada para el CDK en {2}."],
  ["Lambda did not tell the concurrency of the account.", "Lambda no dijo la concurrencia de la cuenta."],
  [
    "Lambda has room for maxConcurrentCalls {}: {} places stay unreserved.",
    "Lambda tiene lugar para maxConcurrentCalls {1}: quedan {2} lugares sin reservar.",
  ],
  [
    "maxConcurrentCalls {} reserves {} places of Lambda, and {} of the account's {} can be reserved. The deployment would fail.",
    "maxConcurrentCalls {1} reserva {2} lugares de Lambda, y se pueden reservar {3} de los {4} de la cuenta. El despliegue fallaría.",
  ],
  [
    "Ask for a higher quota (Service Quotas, {}), or set maxConcurrentCalls to null, which reserves nothing.",
    "Pide una cuota más alta (Service Quotas, {1}), o pon maxConcurrentCalls en null, que no reserva nada.",
  ],
  ["Transcribe allows {} streams at a time in {}.", "Transcribe permite {1} flujos a la vez en {2}."],
  [
    "Transcribe allows {} streams at a time in {}, and maxConcurrentCalls is {}. Further calls have no transcript.",
    "Transcribe permite {1} flujos a la vez en {2}, y maxConcurrentCalls es {3}. Las demás llamadas no tienen transcripción.",
  ],
  ["null (no limit)", "null (sin límite)"],
  [
    "Ask for a higher quota (Service Quotas, {}), or lower maxConcurrentCalls.",
    "Pide una cuota más alta (Service Quotas, {1}), o baja maxConcurrentCalls.",
  ],
  [
    "Service Quotas does not list Transcribe's concurrent streams here. The default is 25.",
    "Service Quotas no muestra aquí los flujos simultáneos de Transcribe. De fábrica son 25.",
  ],

  // The instance.
  ["The instance {} is there.", "La instancia {1} existe."],
  [
    "The instance's alias is {}, but instanceAlias in the settings is {}.",
    "El alias de la instancia es {1}, pero instanceAlias en los ajustes es {2}.",
  ],
  [
    "Correct instanceAlias. The transcriber may read only streams that have the real alias in their names.",
    "Corrige instanceAlias. El transcriptor solo puede leer flujos que tienen el alias verdadero en su nombre.",
  ],
  ["There is no instance {} in {}.", "No existe la instancia {1} en {2}."],
  ["Correct instanceArn.", "Corrige instanceArn."],
  ["serviceLevelSeconds names queues that the instance has.", "serviceLevelSeconds nombra colas que la instancia tiene."],
  [
    "serviceLevelSeconds names {}, and the instance has no such queue.",
    "serviceLevelSeconds nombra {1}, y la instancia no tiene esa cola.",
  ],
  [
    "Correct the name, or use the id. Names are compared letter by letter.",
    "Corrige el nombre, o usa el id. Los nombres se comparan letra por letra.",
  ],

  // Actions and recordings.
  [
    "RECORDING_ROLE of the stage {} is set, but the stack of this instance opens no recording.",
    "RECORDING_ROLE de la etapa {1} tiene valor, pero el stack de esta instancia no abre ninguna grabación.",
  ],
  [
    "recordingLinks is on, but the hub lets nobody hear a recording.",
    "recordingLinks está activado, pero el servidor no deja que nadie escuche una grabación.",
  ],
  [
    "Turn recordingLinks of the instance on, or leave RECORDING_ROLE out.",
    "Activa recordingLinks de la instancia, o quita RECORDING_ROLE.",
  ],
  [
    "Set RECORDING_ROLE in the vars of the stage {}, or turn recordingLinks off.",
    "Pon RECORDING_ROLE en las vars de la etapa {1}, o desactiva recordingLinks.",
  ],
  ["actions has {}, which the hub does not let anybody do.", "actions tiene {1}, y el servidor no deja que nadie lo haga."],
  [
    "Add them to ACTIONS in the vars of the stage {}, or remove them from actions.",
    "Agrégalas a ACTIONS en las vars de la etapa {1}, o quítalas de actions.",
  ],
  [
    "ACTIONS of the stage {} has {}, which the stack of this instance refuses.",
    "ACTIONS de la etapa {1} tiene {2}, y el stack de esta instancia lo rechaza.",
  ],
  [
    "Add them to actions of the instance, or remove them from ACTIONS.",
    "Agrégalas a actions de la instancia, o quítalas de ACTIONS.",
  ],
  [
    "Each supervisor needs a user whose name is that of the sign-in, a security profile with real-time contact monitoring{} and an open control panel with a softphone (docs/connect.md).",
    "Cada supervisor necesita un usuario con el mismo nombre que en el inicio de sesión, un perfil de seguridad con monitoreo de contactos en tiempo real{1} y un panel de control abierto con softphone (docs/connect.md, en inglés).",
  ],
  [" and barge-in,", ", también para intervenir,"],
  [",", ","],
  ["actions: {}", "actions: {1}"],
  ["actions: enhanced monitoring is on. {}", "actions: el monitoreo mejorado está activado. {1}"],
  [
    "actions has barge, and the instance does not have enhanced monitoring, so nobody can barge.",
    "actions tiene barge, y la instancia no tiene el monitoreo mejorado, así que nadie puede intervenir.",
  ],
  [
    "Switch it on in the console of Amazon Connect: Telephony, Enable enhanced contact monitoring capabilities.",
    "Actívalo en la consola de Amazon Connect: Telephony, Enable enhanced contact monitoring capabilities.",
  ],

  // The storage configurations of the instance.
  [
    "{}: the instance has no {} config, so chats have no transcript and no score.",
    "{1}: la instancia no tiene una configuración {2}, así que los chats no tienen transcripción ni puntaje.",
  ],
  [
    "Associate that kind with the same stream, if the instance analyses chats (docs/connect.md).",
    "Asocia ese tipo con el mismo flujo de datos, si la instancia analiza chats (docs/connect.md, en inglés).",
  ],
  [
    "{}: the instance has no {} config yet. The stack will create it.",
    "{1}: la instancia todavía no tiene una configuración {2}. El stack la creará.",
  ],
  [
    "{}: the instance has no {} config, so Amazon Connect writes nothing to the existing stream.",
    "{1}: la instancia no tiene una configuración {2}, así que Amazon Connect no escribe nada en el flujo existente.",
  ],
  [
    'Turn it on in Amazon Connect, or set {} to "mode": "managed".',
    'Actívala en Amazon Connect, o pon {1} en "mode": "managed".',
  ],
  ["{}: the {} config of the instance", "{1}: la configuración {2} de la instancia"],
  [
    "{} exists ({}), and the login may not ask CloudFormation whose it is.",
    "{1} existe ({2}), y la sesión no puede preguntar a CloudFormation de quién es.",
  ],
  [
    "Allow cloudformation:DescribeStackResources and cloudformation:ListStackResources. Do not change the mode before: existing deletes a config of this stack.",
    "Permite cloudformation:DescribeStackResources y cloudformation:ListStackResources. No cambies el modo antes: existing borra una configuración de este stack.",
  ],
  ["{} belongs to the stack {}", "{1} es del stack {2}"],
  ["{} was made by hand", "{1} se creó a mano"],
  ["{}. Amazon Connect refuses a second one.", "{1}. Amazon Connect rechaza una segunda."],
  [
    'Set "{}": {}. It uses that config and changes nothing there.',
    'Pon "{1}": {2}. Usa esa configuración y no cambia nada en ella.',
  ],
  ["{}, and the settings name its target.", "{1}, y los ajustes nombran su destino."],
  ["{}, and it has another target than the settings.", "{1}, y su destino no es el de los ajustes."],
  ['Set "{}": {}.', 'Pon "{1}": {2}.'],
  [
    "Associate that kind with the stream of contactLens.streamArn, if the board is to show chats.",
    "Asocia ese tipo con el flujo de contactLens.streamArn, si el tablero debe mostrar chats.",
  ],
  [
    "{}, and it has another target than the calls, so chats have no transcript.",
    "{1}, y su destino no es el de las llamadas, así que los chats no tienen transcripción.",
  ],
  ["{} belongs to the stack {}.", "{1} es del stack {2}."],
  [
    '{} belongs to the stack {} itself. With "existing", the next deployment would delete it.',
    '{1} es del mismo stack {2}. Con "existing", el próximo despliegue la borraría.',
  ],
  ['Set {} back to "mode": "managed".', 'Regresa {1} a "mode": "managed".'],
  [
    '{} belongs to the stack {}. With "off", the next deployment deletes it. A Kinesis stream of the stack stays, with its data.',
    '{1} es del stack {2}. Con "off", el próximo despliegue la borra. Un flujo de Kinesis del stack se queda, con sus datos.',
  ],
  ['Keep "off" only if nothing else needs it.', 'Deja "off" solo si nada más la necesita.'],

  // Streams and keys.
  ["{}: there is no stream {}.", "{1}: no existe el flujo {2}."],
  ["Correct streamArn.", "Corrige streamArn."],
  [
    "agentEvents: the stream uses the key aws/kinesis, with which Amazon Connect cannot write agent events.",
    "agentEvents: el flujo usa la clave aws/kinesis, con la que Amazon Connect no puede escribir eventos de agentes.",
  ],
  [
    "Give the stream a key of your own that Amazon Connect may use (docs/connect.md).",
    "Da al flujo una clave tuya que Amazon Connect pueda usar (docs/connect.md, en inglés).",
  ],
  [
    "{}: the function could not decrypt the stream, because keyArn is not the key of the stream.",
    "{1}: la función no podría descifrar el flujo, porque keyArn no es la clave del flujo.",
  ],
  ["Set {}.keyArn to {}.", "Pon {1}.keyArn en {2}."],
  [
    "contactLens: the stream has {} shards. With more than one, scores are late.",
    "contactLens: el flujo tiene {1} shards. Con más de uno, los puntajes llegan tarde.",
  ],
  ['Merge them to one shard (docs/deploy.md, "Contact Lens").', 'Júntalos en un solo shard (docs/deploy.es.md, "Contact Lens").'],
  ["{}: the existing stream is there.", "{1}: el flujo existente está ahí."],
  [
    "{}: the key has the state {}, so nothing can be decrypted.",
    "{1}: la clave tiene el estado {2}, así que no se puede descifrar nada.",
  ],
  ["Enable the key, or name another.", "Activa la clave, o nombra otra."],
  [
    "{}: the policy of the key lets roles of the account use it.",
    "{1}: la política de la clave deja que los roles de la cuenta la usen.",
  ],
  [
    "{}: the policy of the key lets no role of the account use it, so the functions cannot decrypt.",
    "{1}: la política de la clave no deja que ningún rol de la cuenta la use, así que las funciones no pueden descifrar.",
  ],
  [
    "Add a statement to the key policy that allows kms:Decrypt to arn:{}:iam::{}:root.",
    "Agrega a la política de la clave una declaración que permita kms:Decrypt a arn:{1}:iam::{2}:root.",
  ],
  ["{}: there is no key {}.", "{1}: no existe la clave {2}."],
  ["Correct keyArn.", "Corrige keyArn."],
];
