/** The style sheet of all pages: system font and colours, readable at any width, visible focus, AA contrast. */
export const style = `
:root { color-scheme: light dark; --ink: #1c1c1e; --paper: #fff; --edge: #76767a; --act: #0b57d0; --on-act: #fff; --bad: #b3261e; --good: #146c2e }
@media (prefers-color-scheme: dark) { :root { --ink: #ececee; --paper: #1c1c1e; --edge: #98989d; --act: #a8c7fa; --on-act: #062e6f; --bad: #f2b8b5; --good: #a5d6a7 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif }
main { max-width: 26rem; margin: 8vh auto 0 }
h1 { font-size: 1.5rem; line-height: 1.25 }
label { display: block; font-weight: 600 }
.hint { margin: .25rem 0 .5rem }
.field { display: flex; gap: .5rem }
input { flex: 1; min-width: 0; padding: .6rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; background: transparent; color: inherit; font: inherit }
input[aria-invalid=true] { border-color: var(--bad) }
button { padding: .6rem 1rem; border: 1px solid var(--edge); border-radius: .5rem; background: transparent; color: inherit; font: inherit; cursor: pointer }
button.main { width: 100%; margin-top: 1rem; border-color: var(--act); background: var(--act); color: var(--on-act); font-weight: 600 }
button[aria-disabled=true] { opacity: .6; cursor: progress }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
.unseen { position: absolute; width: 1px; height: 1px; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%) }
#status:focus { outline: none }
#status[data-kind=bad], .error { color: var(--bad) }
#status[data-kind=good] { color: var(--good); font-weight: 600 }
.error:empty, #status:empty { margin: 0 }
`
