/**
 * @generated SignedSource<<73f4ea4a77e21ef7ebd80e7d2b36c649>>
 * @relayHash 002b187600ac6e6d00a201cedea3ff3e
 * @lightSyntaxTransform
 * @codegen-command: npm run codegen
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 002b187600ac6e6d00a201cedea3ff3e

import type { ConcreteRequest } from 'relay-runtime';
export type ErrorCode = "ACCOUNT_DISABLED" | "BAD_CREDENTIALS" | "EMAIL_ALREADY_VERIFIED" | "EMAIL_TAKEN" | "EMAIL_UNKNOWN" | "FORBIDDEN" | "IDENTIFIER_REQUIRED" | "INVALID_INPUT" | "INVALID_LOGIN_CODE" | "INVALID_MAIL_TOKEN" | "INVALID_REFRESH_TOKEN" | "INVALID_TWO_FACTOR_CODE" | "LAST_ADMIN" | "NOT_FOUND" | "OVERLOADED" | "OWN_ACCOUNT" | "REAUTHENTICATION_REQUIRED" | "REGISTRATION_CLOSED" | "SERVICE_UNAVAILABLE" | "TOO_MANY_REQUESTS" | "TOO_MANY_TOKENS" | "TOO_MANY_WEBHOOKS" | "TWO_FACTOR_ALREADY_ENABLED" | "TWO_FACTOR_ENROLLMENT_REQUIRED" | "TWO_FACTOR_NOT_ENABLED" | "TWO_FACTOR_REQUIRED" | "UNAUTHENTICATED" | "USERNAME_TAKEN" | "WRONG_CODE" | "WRONG_PASSWORD" | "%future added value";
export type RefreshSessionInput = {
  refreshToken: string;
};
export type environmentRefreshMutation$variables = {
  input: RefreshSessionInput;
};
export type environmentRefreshMutation$data = {
  readonly refreshSession: {
    readonly code?: ErrorCode;
    readonly credentials?: {
      readonly accessToken: {
        readonly token: string;
      } | null | undefined;
      readonly refreshToken: {
        readonly token: string;
      } | null | undefined;
    };
  };
};
export type environmentRefreshMutation$rawResponse = {
  readonly refreshSession: {
    readonly __typename: "AuthenticationError";
    readonly code: ErrorCode;
  } | {
    readonly __typename: "RefreshSessionSuccess";
    readonly credentials: {
      readonly accessToken: {
        readonly token: string;
      } | null | undefined;
      readonly refreshToken: {
        readonly token: string;
      } | null | undefined;
    };
  } | {
    readonly __typename: string;
  };
};
export type environmentRefreshMutation = {
  rawResponse: environmentRefreshMutation$rawResponse;
  response: environmentRefreshMutation$data;
  variables: environmentRefreshMutation$variables;
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
v2 = [
  {
    "alias": null,
    "args": null,
    "kind": "ScalarField",
    "name": "token",
    "storageKey": null
  }
],
v3 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "concreteType": "Credentials",
      "kind": "LinkedField",
      "name": "credentials",
      "plural": false,
      "selections": [
        {
          "alias": null,
          "args": null,
          "concreteType": "Token",
          "kind": "LinkedField",
          "name": "accessToken",
          "plural": false,
          "selections": (v2/*:: as any*/),
          "storageKey": null
        },
        {
          "alias": null,
          "args": null,
          "concreteType": "Token",
          "kind": "LinkedField",
          "name": "refreshToken",
          "plural": false,
          "selections": (v2/*:: as any*/),
          "storageKey": null
        }
      ],
      "storageKey": null
    }
  ],
  "type": "RefreshSessionSuccess",
  "abstractKey": null
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
    }
  ],
  "type": "AuthenticationError",
  "abstractKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "environmentRefreshMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "refreshSession",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          (v4/*:: as any*/)
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
    "name": "environmentRefreshMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "refreshSession",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "__typename",
            "storageKey": null
          },
          (v3/*:: as any*/),
          (v4/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "002b187600ac6e6d00a201cedea3ff3e",
    "id": "002b187600ac6e6d00a201cedea3ff3e",
    "metadata": {},
    "name": "environmentRefreshMutation",
    "operationKind": "mutation",
    "text": "mutation environmentRefreshMutation(\n  $input: RefreshSessionInput!\n) {\n  refreshSession(input: $input) {\n    __typename\n    ... on RefreshSessionSuccess {\n      credentials {\n        accessToken {\n          token\n        }\n        refreshToken {\n          token\n        }\n      }\n    }\n    ... on AuthenticationError {\n      code\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "5e75f0d29b8434dcf29b5f0ab8a5bd63";

export default node;
