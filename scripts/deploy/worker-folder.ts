import { join } from "node:path";
import { DEPLOY_FOLDER } from "./tools.ts";

const FOLDER = process.env["VIGIA_DEPLOY_FOLDER"] ?? DEPLOY_FOLDER;

/** Returns the folder of one Worker for what a deployment makes on this machine. Two Workers never share a file. */
export function workerFolder(workerName: string): string {
  return join(FOLDER, workerName);
}

/**
 * Returns where earlier versions kept the secrets of a Worker. No command reads these files any more, because a copy on one
 * machine knows nothing of what another machine did. They still hold secrets, so somebody should delete them.
 */
export function oldSecretsFiles(workerName: string): string[] {
  return [join(FOLDER, "hub-secrets.json"), join(workerFolder(workerName), "hub-secrets.json")];
}
