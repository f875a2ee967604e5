/**
 * Devices with real keys, and operations signed by them, for the tests of membership and transport.
 */
import { generateKeyPairSync } from "node:crypto";
import { createRecoverySheet, membershipCrypto } from "../../main/identity/crypto.ts";
import { type Identity, identityFromKey } from "../../main/identity/identity.ts";
import { foundWorkspace, type MembershipLog, openLog, signJoin, takeOperations } from "../../shared/membership/log.ts";
import type { FoundOperation, JoinOperation, Role } from "../../shared/membership/types.ts";

export const newDevice = (): Identity => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return identityFromKey({ keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), storage: "file" });
};

export const newWorkspace = (
  founder: Identity,
  workspaceName = "Depot North",
): { readonly found: FoundOperation; readonly log: MembershipLog } => {
  const found = foundWorkspace(
    {
      signer: founder,
      deviceName: "Front desk",
      nonce: new Uint8Array(16).fill(7),
      recoveryKey: createRecoverySheet().publicKey,
      workspaceName,
      zone: "Europe/Berlin",
    },
    membershipCrypto,
  );
  return { found, log: openLog(found.workspace, [found.bytes], membershipCrypto, "unverified") };
};

/** The log with one more device in it. */
export const admit = (
  log: MembershipLog,
  inviter: Identity,
  joiner: Identity,
  role: Role,
  deviceName = "Yard",
): { readonly log: MembershipLog; readonly join: JoinOperation } => {
  const join = signJoin(log.membership, { publicKey: joiner.publicKey, deviceName, role, invitation: null }, inviter, membershipCrypto);
  return { join, log: takeOperations(log, inviter.device, [join.bytes], membershipCrypto).log };
};
