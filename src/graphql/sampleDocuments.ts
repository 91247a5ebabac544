/**
 * The documents in the tabs of GraphiQL, in an order in which they work as they are. Lines have at most 50 characters, so that the editor
 * shows all of them.
 */

const signUp = `# 1. Create an account. On a new server, the
#    first account becomes administrator.
mutation SignUp {
  signUp(
    input: {
      email: "ada@example.com"
      password: "first programmer"
      name: "Ada Lovelace"
    }
  ) {
    ... on SignUpSuccess {
      user {
        id
        username
        name
      }
      credentials {
        accessToken {
          token
          expiresAt
        }
      }
    }
    ... on Error {
      code
      message
      fieldErrors {
        field
        message
      }
    }
  }
}
`

const signIn = `# 2. Sign in. From then on, all tabs send the
#    access token: see "Headers" below.
mutation SignIn {
  signIn(
    input: {
      identifier: "ada@example.com"
      password: "first programmer"
    }
  ) {
    ... on SignInSuccess {
      user {
        id
        name
        isAdmin
      }
      credentials {
        accessToken {
          token
          expiresAt
        }
        refreshToken {
          token
          expiresAt
        }
      }
    }
    ... on TwoFactorRequired {
      loginCode
      expiresAt
    }
    ... on Error {
      code
      message
    }
  }
}
`

const me = `# 3. Who am I? Null without a session. In
#    "Headers" below, $TOKEN stands for the access
#    token of your last sign-in on this page; you
#    may paste another token instead.
query Me {
  me {
    id
    username
    email
    name
    isAdmin
    scopes
    twoFactorEnabled
    createdAt
    sessions {
      id
      surface
      createdAt
      clientAddress
      current
    }
  }
}
`

const users = `# 4. All accounts. You need users:read, which
#    every administrator has.
query Users {
  users(first: 20) {
    totalCount
    edges {
      node {
        id
        username
        email
        name
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`

const dialectUses = `# 5. Which REST routes do clients still use? The
#    most recently used first, up to a minute
#    behind. For administrators. The command
#    \`npm run usage\` also lists unused routes.
query DialectUses {
  dialectUses(first: 50) {
    edges {
      node {
        dialect
        route
        client
        tokenSurface
        requests
        failures
        firstAt
        lastAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`

export const sampleDocuments: readonly string[] = [signUp, signIn, me, users, dialectUses]
