/**
 * @generated SignedSource<<310e0d14c5e04952dfcac7a83fa954f4>>
 * @relayHash 3233530aa76ef8f3728ddb5e2b8f6b93
 * @lightSyntaxTransform
 * @codegen-command: npm run codegen
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 3233530aa76ef8f3728ddb5e2b8f6b93

import type { ConcreteRequest } from 'relay-runtime';
export type ErrorCode = "ACCOUNT_DISABLED" | "BAD_CREDENTIALS" | "EMAIL_ALREADY_VERIFIED" | "EMAIL_TAKEN" | "EMAIL_UNKNOWN" | "FORBIDDEN" | "IDENTIFIER_REQUIRED" | "INVALID_INPUT" | "INVALID_LOGIN_CODE" | "INVALID_MAIL_TOKEN" | "INVALID_REFRESH_TOKEN" | "INVALID_TWO_FACTOR_CODE" | "LAST_ADMIN" | "NOT_FOUND" | "OVERLOADED" | "OWN_ACCOUNT" | "REAUTHENTICATION_REQUIRED" | "REGISTRATION_CLOSED" | "SERVICE_UNAVAILABLE" | "TOO_MANY_REQUESTS" | "TOO_MANY_TOKENS" | "TOO_MANY_WEBHOOKS" | "TWO_FACTOR_ALREADY_ENABLED" | "TWO_FACTOR_ENROLLMENT_REQUIRED" | "TWO_FACTOR_NOT_ENABLED" | "TWO_FACTOR_REQUIRED" | "UNAUTHENTICATED" | "USERNAME_TAKEN" | "WRONG_CODE" | "WRONG_PASSWORD" | "%future added value";
export type SessionTransport = "BEARER" | "COOKIE" | "%future added value";
export type VerifyTwoFactorInput = {
  code: string;
  loginCode: string;
  transport?: SessionTransport;
};
export type SecondFactorMutation$variables = {
  input: VerifyTwoFactorInput;
};
export type SecondFactorMutation$data = {
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
      readonly credentials: {
        readonly accessToken: {
          readonly token: string;
        } | null | undefined;
        readonly refreshToken: {
          readonly token: string;
        } | null | undefined;
      };
      readonly user: {
        readonly id: string;
      };
    } | null | undefined;
  };
};
export type SecondFactorMutation = {
  response: SecondFactorMutation$data;
  variables: SecondFactorMutation$variables;
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
      "concreteType": "User",
      "kind": "LinkedField",
      "name": "user",
      "plural": false,
      "selections": [
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "id",
          "storageKey": null
        }
      ],
      "storageKey": null
    },
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
  "type": "SignInSuccess",
  "abstractKey": null
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
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "SecondFactorMutation",
    "selections": [
      {
        "alias": "result",
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "verifyTwoFactor",
        "plural": false,
        "selections": [
          {
            "fragment": (v3/*:: as any*/),
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
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "SecondFactorMutation",
    "selections": [
      {
        "alias": "result",
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "verifyTwoFactor",
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
          (v5/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "3233530aa76ef8f3728ddb5e2b8f6b93",
    "id": "3233530aa76ef8f3728ddb5e2b8f6b93",
    "metadata": {},
    "name": "SecondFactorMutation",
    "operationKind": "mutation",
    "text": "mutation SecondFactorMutation(\n  $input: VerifyTwoFactorInput!\n) {\n  result: verifyTwoFactor(input: $input) {\n    __typename\n    ... on SignInSuccess {\n      user {\n        id\n      }\n      credentials {\n        accessToken {\n          token\n        }\n        refreshToken {\n          token\n        }\n      }\n    }\n    ... on Error {\n      __isError: __typename\n      code\n      message\n      fieldErrors {\n        field\n        message\n      }\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "8bba02f0598cdb5ca73ec3678266342a";

export default node;
