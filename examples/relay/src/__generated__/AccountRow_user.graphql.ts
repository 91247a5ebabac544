/**
 * @generated SignedSource<<69eef2c537996655ed42d3a90fdcf123>>
 * @lightSyntaxTransform
 * @codegen-command: npm run codegen
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ReaderFragment } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type AccountRow_user$data = {
  readonly id: string;
  readonly name: string;
  readonly twoFactorEnabled: boolean;
  readonly username: string;
  readonly " $fragmentType": "AccountRow_user";
};
export type AccountRow_user$key = {
  readonly " $data"?: AccountRow_user$data;
  readonly " $fragmentSpreads": FragmentRefs<"AccountRow_user">;
};

const node: ReaderFragment = {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": null,
  "name": "AccountRow_user",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "id",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "name",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "username",
      "storageKey": null
    },
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

(node as any).hash = "c13a6ac3800ccd82459398d7ad4484f6";

export default node;
