/**
 * @generated SignedSource<<3470e7279f8b2491f497aa66de1bad2c>>
 * @lightSyntaxTransform
 * @codegen-command: npm run codegen
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ReaderFragment } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type TwoFactor_user$data = {
  readonly twoFactorEnabled: boolean;
  readonly " $fragmentType": "TwoFactor_user";
};
export type TwoFactor_user$key = {
  readonly " $data"?: TwoFactor_user$data;
  readonly " $fragmentSpreads": FragmentRefs<"TwoFactor_user">;
};

const node: ReaderFragment = {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": null,
  "name": "TwoFactor_user",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "twoFactorEnabled",
      "storageKey": null
    }
  ],
  "type": "User",
  "abstractKey": null
};

(node as any).hash = "90ae3c794906421552e2766dbd29135c";

export default node;
