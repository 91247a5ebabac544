/**
 * @generated SignedSource<<5dc2e7f464eb1087cf81d0c42bb43003>>
 * @relayHash a940339e3c8c3194c0e53a3090693331
 * @lightSyntaxTransform
 * @codegen-command: npm run codegen
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID a940339e3c8c3194c0e53a3090693331

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type ErrorCode = "ACCOUNT_DISABLED" | "BAD_CREDENTIALS" | "EMAIL_ALREADY_VERIFIED" | "EMAIL_TAKEN" | "EMAIL_UNKNOWN" | "FORBIDDEN" | "IDENTIFIER_REQUIRED" | "INVALID_INPUT" | "INVALID_LOGIN_CODE" | "INVALID_MAIL_TOKEN" | "INVALID_REFRESH_TOKEN" | "INVALID_TWO_FACTOR_CODE" | "LAST_ADMIN" | "NOT_FOUND" | "OVERLOADED" | "OWN_ACCOUNT" | "REAUTHENTICATION_REQUIRED" | "REGISTRATION_CLOSED" | "SERVICE_UNAVAILABLE" | "TOO_MANY_REQUESTS" | "TOO_MANY_TOKENS" | "TOO_MANY_WEBHOOKS" | "TWO_FACTOR_ALREADY_ENABLED" | "TWO_FACTOR_ENROLLMENT_REQUIRED" | "TWO_FACTOR_NOT_ENABLED" | "TWO_FACTOR_REQUIRED" | "UNAUTHENTICATED" | "USERNAME_TAKEN" | "WRONG_CODE" | "WRONG_PASSWORD" | "%future added value";
export type ConfirmTwoFactorEnrollmentInput = {
  code: string;
  endOtherSessions?: boolean | null | undefined;
};
export type TwoFactorConfirmMutation$variables = {
  input: ConfirmTwoFactorEnrollmentInput;
};
export type TwoFactorConfirmMutation$data = {
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
      readonly recoveryCodes: ReadonlyArray<string>;
      readonly user: {
        readonly " $fragmentSpreads": FragmentRefs<"TwoFactor_user">;
      } | null | undefined;
    } | null | undefined;
  };
};
export type TwoFactorConfirmMutation = {
  response: TwoFactorConfirmMutation$data;
  variables: TwoFactorConfirmMutation$variables;
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
  "name": "recoveryCodes",
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
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "TwoFactorConfirmMutation",
    "selections": [
      {
        "alias": "result",
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "confirmTwoFactorEnrollment",
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
                      "name": "TwoFactor_user"
                    }
                  ],
                  "storageKey": null
                }
              ],
              "type": "ConfirmTwoFactorEnrollmentSuccess",
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
    "name": "TwoFactorConfirmMutation",
    "selections": [
      {
        "alias": "result",
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "confirmTwoFactorEnrollment",
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
                    "kind": "ScalarField",
                    "name": "twoFactorEnabled",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "id",
                    "storageKey": null
                  }
                ],
                "storageKey": null
              }
            ],
            "type": "ConfirmTwoFactorEnrollmentSuccess",
            "abstractKey": null
          },
          (v4/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "a940339e3c8c3194c0e53a3090693331",
    "id": "a940339e3c8c3194c0e53a3090693331",
    "metadata": {},
    "name": "TwoFactorConfirmMutation",
    "operationKind": "mutation",
    "text": "mutation TwoFactorConfirmMutation(\n  $input: ConfirmTwoFactorEnrollmentInput!\n) {\n  result: confirmTwoFactorEnrollment(input: $input) {\n    __typename\n    ... on ConfirmTwoFactorEnrollmentSuccess {\n      recoveryCodes\n      user {\n        ...TwoFactor_user\n        id\n      }\n    }\n    ... on Error {\n      __isError: __typename\n      code\n      message\n      fieldErrors {\n        field\n        message\n      }\n    }\n  }\n}\n\nfragment TwoFactor_user on User {\n  twoFactorEnabled\n}\n"
  }
};
})();

(node as any).hash = "cd030181cc7090ba29216e77252ad242";

export default node;
