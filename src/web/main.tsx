/** The start of the pages. */
import './style.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'
import { App } from './app.tsx'
import { createApi } from './client.ts'
import { LocaleProvider } from './locale.tsx'
import { SessionProvider } from './session.tsx'

const place = document.getElementById('app')
if (place !== null)
  createRoot(place).render(
    <StrictMode>
      <Provider value={createApi()}>
        <LocaleProvider>
          <SessionProvider>
            <App />
          </SessionProvider>
        </LocaleProvider>
      </Provider>
    </StrictMode>,
  )
