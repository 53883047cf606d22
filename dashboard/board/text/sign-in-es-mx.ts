import type { Messages } from "./messages.ts";
import type { signInEn } from "./sign-in-en.ts";

/** Texts about signing in and out in Mexican Spanish. */
export const signInEsMX: Pick<Messages, keyof typeof signInEn> = {
  "signin.lead":
    "El servidor necesita saber quién eres. Pega el token de identidad que te dio tu administrador o tu página de acceso.",
  "signin.token": "Token de identidad",
  "signin.submit": "Iniciar sesión",
  "signin.refused": "El servidor rechazó este token. Quizá venció o es de otro centro de contacto.",
  "signin.kept": "El token se guarda solo en esta pestaña y se borra al cerrarla.",
  "signin.other": "Iniciar sesión con otra cuenta",
  "signin.as": "Iniciaste sesión como {name}.",
  "signin.word": "Dato para tu administrador: {code}",
  "signin.busy": "Iniciando sesión…",
  "signin.busyLead": "El servicio de acceso de tu empresa responde en un momento.",
  "signin.askLead": "Usa tu cuenta de la empresa. Después se abre el tablero tal como está en la dirección web.",
  "signin.againTitle": "Tu sesión terminó",
  "signin.againLead": "Vuelve a iniciar sesión. El tablero se abre como lo dejaste.",
  "signin.signedOut": "Cerraste la sesión",
  "signin.signedOutLead": "Nadie ve el tablero en esta computadora hasta que alguien inicie sesión.",
  "signin.issuerDown": "El servicio de acceso no responde",
  "signin.issuerDownLead": "Por ahora nadie puede iniciar sesión. El tablero lo intenta de nuevo y se abre solo.",
  "signin.unknownCenter": "Este centro de contacto no existe aquí",
  "signin.unknownCenterLead":
    "La dirección web no nombra ningún centro de contacto que este servidor conozca. Revisa `instance` en la dirección web o pide el enlace a tu administrador.",
  "signin.failed": "No se pudo iniciar sesión",
  "signin.failedLead": "El servicio de acceso lo interrumpió. Intenta de nuevo. Si vuelve a pasar, avisa a tu administrador.",
  "signin.wrongAnswer": "La respuesta del servicio de acceso no es de esta pestaña o es muy antigua. Nadie inició sesión.",
  "signin.denied": "El servicio de acceso no te dio permiso para este tablero. Consulta a tu administrador.",
  "signin.noAccess": "No tienes permiso para ver este centro de contacto",
  "signin.noAccessLead": "Iniciaste sesión, pero nadie te asignó este centro de contacto. Consulta a tu administrador.",
  "signin.noGroups": "No tienes ningún equipo asignado",
  "signin.noGroupsLead":
    "Iniciaste sesión, pero tu cuenta no nombra ningún equipo y el tablero estaría vacío. Consulta a tu administrador.",
  "signin.manyGroups": "Tu cuenta está en demasiados grupos",
  "signin.manyGroupsLead":
    "Iniciaste sesión, pero tu cuenta nombra demasiados grupos y el servidor no puede saber cuáles son tus equipos. Consulta a tu administrador.",
  "signin.notAccepted": "El servidor no acepta tu inicio de sesión",
  "signin.notAcceptedLead":
    "El acceso funcionó, pero el servidor no acepta lo que trajo. Intenta de nuevo. Si vuelve a pasar, avisa a tu administrador.",
};
