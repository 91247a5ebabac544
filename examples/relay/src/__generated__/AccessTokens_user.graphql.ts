/**
 * @generated SignedSource<<34bf083f66e28b0cabf1b913da372583>>
 * @lightSyntaxTransform
 * @codegen-command: npm run codegen
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ReaderFragment } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type AccessTokens_user$data = {
  readonly personalAccessTokens: ReadonlyArray<{
    readonly expiresAt: string;
    readonly id: string;
    readonly name: string;
  }>;
  readonly " $fragmentType": "AccessTokens_user";
};
export type AccessTokens_user$key = {
  readonly " $data"?: AccessTokens_user$data;
  readonly " $fragmentSpreads": FragmentRefs<"AccessTokens_user">;
};

const node: ReaderFragment = {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": null,
  "name": "AccessTokens_user",
  "selections": [
    {
      "alias": null,
      "args": null,
      "concreteType": "PersonalAccessToken",
      "kind": "LinkedField",
      "name": "personalAccessTokens",
      "plural": true,
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
          "name": "expiresAt",
          "storageKey": null
        }
      ],
      "storageKey": null
    }
  ],
  "type": "User",
  "abstractKey": null
};

(node as any).hash = "0ce695eae96cc986b91405fe697dcdcf";

export default node;
