/**
 * @generated SignedSource<<06edfb3c663fc4f3810205e85c8a0ab9>>
 * @relayHash 9212ec7a82550a8e587984e5262823ac
 * @lightSyntaxTransform
 * @codegen-command: npm run codegen
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 9212ec7a82550a8e587984e5262823ac

import type { ConcreteRequest } from 'relay-runtime';
export type ErrorCode = "ACCOUNT_DISABLED" | "BAD_CREDENTIALS" | "EMAIL_ALREADY_VERIFIED" | "EMAIL_TAKEN" | "EMAIL_UNKNOWN" | "FORBIDDEN" | "IDENTIFIER_REQUIRED" | "INVALID_INPUT" | "INVALID_LOGIN_CODE" | "INVALID_MAIL_TOKEN" | "INVALID_REFRESH_TOKEN" | "INVALID_TWO_FACTOR_CODE" | "LAST_ADMIN" | "NOT_FOUND" | "OVERLOADED" | "OWN_ACCOUNT" | "REAUTHENTICATION_REQUIRED" | "REGISTRATION_CLOSED" | "SERVICE_UNAVAILABLE" | "TOO_MANY_REQUESTS" | "TOO_MANY_TOKENS" | "TOO_MANY_WEBHOOKS" | "TWO_FACTOR_ALREADY_ENABLED" | "TWO_FACTOR_ENROLLMENT_REQUIRED" | "TWO_FACTOR_NOT_ENABLED" | "TWO_FACTOR_REQUIRED" | "UNAUTHENTICATED" | "USERNAME_TAKEN" | "WRONG_CODE" | "WRONG_PASSWORD" | "%future added value";
export type DeleteUserInput = {
  id: string;
};
export type AccountRowDeleteMutation$variables = {
  connections: ReadonlyArray<string>;
  input: DeleteUserInput;
};
export type AccountRowDeleteMutation$data = {
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
      readonly deletedUserId: string;
    } | null | undefined;
  };
};
export type AccountRowDeleteMutation = {
  response: AccountRowDeleteMutation$data;
  variables: AccountRowDeleteMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "connections"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "input"
},
v2 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "deletedUserId",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "message",
  "storageKey": null
},
v5 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    (v4/*:: as any*/),
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
        (v4/*:: as any*/)
      ],
      "storageKey": null
    }
  ],
  "type": "Error",
  "abstractKey": "__isError"
};
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "AccountRowDeleteMutation",
    "selections": [
      {
        "alias": "result",
        "args": (v2/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "deleteUser",
        "plural": false,
        "selections": [
          {
            "fragment": {
              "kind": "InlineFragment",
              "selections": [
                (v3/*:: as any*/)
              ],
              "type": "DeleteUserSuccess",
              "abstractKey": null
            },
            "kind": "AliasedInlineFragmentSpread",
            "name": "success"
          },
          {
            "fragment": (v5/*:: as any*/),
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
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "AccountRowDeleteMutation",
    "selections": [
      {
        "alias": "result",
        "args": (v2/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "deleteUser",
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
              (v3/*:: as any*/),
              {
                "alias": null,
                "args": null,
                "filters": null,
                "handle": "deleteEdge",
                "key": "",
                "kind": "ScalarHandle",
                "name": "deletedUserId",
                "handleArgs": [
                  {
                    "kind": "Variable",
                    "name": "connections",
                    "variableName": "connections"
                  }
                ]
              }
            ],
            "type": "DeleteUserSuccess",
            "abstractKey": null
          },
          (v5/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "9212ec7a82550a8e587984e5262823ac",
    "id": "9212ec7a82550a8e587984e5262823ac",
    "metadata": {},
    "name": "AccountRowDeleteMutation",
    "operationKind": "mutation",
    "text": "mutation AccountRowDeleteMutation(\n  $input: DeleteUserInput!\n) {\n  result: deleteUser(input: $input) {\n    __typename\n    ... on DeleteUserSuccess {\n      deletedUserId\n    }\n    ... on Error {\n      __isError: __typename\n      code\n      message\n      fieldErrors {\n        field\n        message\n      }\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "bc98d33e0e774e3bca6c1154aadaeeea";

export default node;
