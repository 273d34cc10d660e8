/** The browser's side of a passkey: the server's questions to it, and its answers. */
import { api } from '@shared/api'
import type { Recovery, Session } from '@shared/contract'

type Told = { publicKey: Record<string, unknown> }

export const passkeysWork = () => typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential

/** Whoever closes the browser's question has changed their mind: that is no fault. */
export const declined = (e: unknown) => e instanceof DOMException && (e.name === 'NotAllowedError' || e.name === 'AbortError')

export async function signInByPasskey(): Promise<Session> {
  const { publicKey } = await api.post<Told>('/session/passkey/ask')
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey as unknown as PublicKeyCredentialRequestOptionsJSON)
  const credential = (await navigator.credentials.get({ publicKey: options })) as PublicKeyCredential
  return api.post<Session>('/session/passkey', { credential: credential.toJSON() })
}

export async function makePasskey(name: string): Promise<string[]> {
  const { publicKey } = await api.post<Told>('/session/passkeys/offer')
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey as unknown as PublicKeyCredentialCreationOptionsJSON)
  const credential = (await navigator.credentials.create({ publicKey: options })) as PublicKeyCredential
  return (await api.post<Recovery>('/session/passkeys', { name, credential: credential.toJSON() })).codes
}
