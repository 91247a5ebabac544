/**
 * @generated SignedSource<<684324393ade2e04ecc4a8b97bf906ac>>
 * @relayHash 7b28a99ab6421a96c1b978338a58570a
 * @lightSyntaxTransform
 * @codegen-command: npm run codegen
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 7b28a99ab6421a96c1b978338a58570a

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type AccessTokensQuery$variables = Record<PropertyKey, never>;
export type AccessTokensQuery$data = {
  readonly me: {
    readonly " $fragmentSpreads": FragmentRefs<"AccessTokens_user">;
  } | null | undefined;
};
export type AccessTokensQuery = {
  response: AccessTokensQuery$data;
  variables: AccessTokensQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": [],
    "kind": "Fragment",
    "metadata": null,
    "name": "AccessTokensQuery",
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "User",
        "kind": "LinkedField",
        "name": "me",
        "plural": false,
        "selections": [
          {
            "args": null,
            "kind": "FragmentSpread",
            "name": "AccessTokens_user"
          }
        ],
        "storageKey": null
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [],
    "kind": "Operation",
    "name": "AccessTokensQuery",
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "User",
        "kind": "LinkedField",
        "name": "me",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "PersonalAccessToken",
            "kind": "LinkedField",
            "name": "personalAccessTokens",
            "plural": true,
            "selections": [
              (v0/*:: as any*/),
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
          },
          (v0/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "7b28a99ab6421a96c1b978338a58570a",
    "id": "7b28a99ab6421a96c1b978338a58570a",
    "metadata": {},
    "name": "AccessTokensQuery",
    "operationKind": "query",
    "text": "query AccessTokensQuery {\n  me {\n    ...AccessTokens_user\n    id\n  }\n}\n\nfragment AccessTokens_user on User {\n  personalAccessTokens {\n    id\n    name\n    expiresAt\n  }\n}\n"
  }
};
})();

(node as any).hash = "6de6308d271244677e5e055173c7a85e";

export default node;
