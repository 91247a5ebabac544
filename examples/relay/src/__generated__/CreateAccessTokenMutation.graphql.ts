/**
 * @generated SignedSource<<857cc43b7b32e473c3347a3d732e6bd3>>
 * @relayHash 16ced92f2c6152fbb66a5e6dab2fe18c
 * @lightSyntaxTransform
 * @codegen-command: npm run codegen
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 16ced92f2c6152fbb66a5e6dab2fe18c

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type ErrorCode = "ACCOUNT_DISABLED" | "BAD_CREDENTIALS" | "EMAIL_ALREADY_VERIFIED" | "EMAIL_TAKEN" | "EMAIL_UNKNOWN" | "FORBIDDEN" | "IDENTIFIER_REQUIRED" | "INVALID_INPUT" | "INVALID_LOGIN_CODE" | "INVALID_MAIL_TOKEN" | "INVALID_REFRESH_TOKEN" | "INVALID_TWO_FACTOR_CODE" | "LAST_ADMIN" | "NOT_FOUND" | "OVERLOADED" | "OWN_ACCOUNT" | "REAUTHENTICATION_REQUIRED" | "REGISTRATION_CLOSED" | "SERVICE_UNAVAILABLE" | "TOO_MANY_REQUESTS" | "TOO_MANY_TOKENS" | "TOO_MANY_WEBHOOKS" | "TWO_FACTOR_ALREADY_ENABLED" | "TWO_FACTOR_ENROLLMENT_REQUIRED" | "TWO_FACTOR_NOT_ENABLED" | "TWO_FACTOR_REQUIRED" | "UNAUTHENTICATED" | "USERNAME_TAKEN" | "WRONG_CODE" | "WRONG_PASSWORD" | "%future added value";
export type Scope = "ALL" | "SENSORS" | "SENSORS_DELETE" | "SENSORS_READ" | "SENSORS_STATE" | "SENSORS_STATE_UPDATE" | "SENSORS_UPDATE" | "USERS" | "USERS_CREATE" | "USERS_DELETE" | "USERS_READ" | "%future added value";
export type CreatePersonalAccessTokenInput = {
  expiresAt: string;
  name: string;
  scopes: ReadonlyArray<Scope>;
};
export type CreateAccessTokenMutation$variables = {
  input: CreatePersonalAccessTokenInput;
};
export type CreateAccessTokenMutation$data = {
  readonly result: {
    readonly failure: {
      readonly code: ErrorCode;
      readonly fieldErrors: ReadonlyArray<{
        readonly field: string;
        readonly message: string;
      }>;
      readonly message: string;
    } | null | undefined;
    readonly success: {
      readonly token: string;
      readonly user: {
        readonly " $fragmentSpreads": FragmentRefs<"AccessTokens_user">;
      } | null | undefined;
    } | null | undefined;
  };
};
export type CreateAccessTokenMutation = {
  response: CreateAccessTokenMutation$data;
  variables: CreateAccessTokenMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "token",
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "message",
  "storageKey": null
},
v4 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    (v3/*:: as any*/),
    {
      "alias": null,
      "args": null,
      "concreteType": "FieldError",
      "kind": "LinkedField",
      "name": "fieldErrors",
      "plural": true,
      "selections": [
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "field",
          "storageKey": null
        },
        (v3/*:: as any*/)
      ],
      "storageKey": null
    }
  ],
  "type": "Error",
  "abstractKey": "__isError"
},
v5 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "CreateAccessTokenMutation",
    "selections": [
      {
        "alias": "result",
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "createPersonalAccessToken",
        "plural": false,
        "selections": [
          {
            "fragment": {
              "kind": "InlineFragment",
              "selections": [
                (v2/*:: as any*/),
                {
                  "alias": null,
                  "args": null,
                  "concreteType": "User",
                  "kind": "LinkedField",
                  "name": "user",
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
              "type": "CreatePersonalAccessTokenSuccess",
              "abstractKey": null
            },
            "kind": "AliasedInlineFragmentSpread",
            "name": "success"
          },
          {
            "fragment": (v4/*:: as any*/),
            "kind": "AliasedInlineFragmentSpread",
            "name": "failure"
          }
        ],
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "CreateAccessTokenMutation",
    "selections": [
      {
        "alias": "result",
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "createPersonalAccessToken",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "__typename",
            "storageKey": null
          },
          {
            "kind": "InlineFragment",
            "selections": [
              (v2/*:: as any*/),
              {
                "alias": null,
                "args": null,
                "concreteType": "User",
                "kind": "LinkedField",
                "name": "user",
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
                      (v5/*:: as any*/),
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
                  (v5/*:: as any*/)
                ],
                "storageKey": null
              }
            ],
            "type": "CreatePersonalAccessTokenSuccess",
            "abstractKey": null
          },
          (v4/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "16ced92f2c6152fbb66a5e6dab2fe18c",
    "id": "16ced92f2c6152fbb66a5e6dab2fe18c",
    "metadata": {},
    "name": "CreateAccessTokenMutation",
    "operationKind": "mutation",
    "text": "mutation CreateAccessTokenMutation(\n  $input: CreatePersonalAccessTokenInput!\n) {\n  result: createPersonalAccessToken(input: $input) {\n    __typename\n    ... on CreatePersonalAccessTokenSuccess {\n      token\n      user {\n        ...AccessTokens_user\n        id\n      }\n    }\n    ... on Error {\n      __isError: __typename\n      code\n      message\n      fieldErrors {\n        field\n        message\n      }\n    }\n  }\n}\n\nfragment AccessTokens_user on User {\n  personalAccessTokens {\n    id\n    name\n    expiresAt\n  }\n}\n"
  }
};
})();

(node as any).hash = "2fec7a364f5c19d1419665f1c38c859c";

export default node;
