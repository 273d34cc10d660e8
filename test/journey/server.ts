/** Starts the real program with an empty data folder and a small demo, and stops it again. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Engine = 'sqlite' | 'postgres'

export interface Server {
  url: string
  /** what the program has printed for its operator so far */
  told: () => string
  /** runs another verb of the program on the same city */
  run: (...args: string[]) => string
  stop: () => Promise<void>
}

const program = fileURLToPath(new URL('../../bin/linli', import.meta.url))

/** Serves a demo city of about `cases` cases (0: its full year) on a free port; resolves once it is ready. */
export function serveDemo(engine: Engine, cases: number, environment: Record<string, string> = {}): Promise<Server> {
  return serve(engine, ['--demo'], { ...environment, ...(cases ? { LINLI_DEMO_CASES: String(cases) } : {}) })
}

/** Serves a city in which nothing is yet. */
export function serveEmpty(engine: Engine): Promise<Server> {
  return serve(engine, [], {})
}

async function serve(engine: Engine, args: string[], environment: Record<string, string>): Promise<Server> {
  if (!existsSync(program)) throw new Error('bin/linli is missing: run make build')
  const folder = mkdtempSync(join(tmpdir(), 'linli-journey-'))
  const database = engine === 'postgres' ? createDatabase() : undefined
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const store = ['--data', folder, ...(database ? ['--db', database.url] : [])]
  const log: string[] = []
  let told = ''
  const server = spawn(program, ['serve', '--addr', `127.0.0.1:${port}`, ...store, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  server.stdout.on('data', (part: Buffer) => (told += part.toString()))
  server.stderr.on('data', (part: Buffer) => {
    log.push(part.toString())
    if (log.length > 200) log.shift()
  })
  const run = (...verb: string[]) => execFileSync(program, [...verb, ...store], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = async () => {
    await ended(server)
    database?.drop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await ready(url, server)
  } catch (fault) {
    await stop()
    throw new Error(`${String(fault)}\n${log.join('')}`)
  }
  return { url, told: () => told, run, stop }
}

/** An empty database in the PostgreSQL that the test run has started for itself. */
function createDatabase() {
  const server = process.env.LINLI_TEST_POSTGRES
  if (!server) throw new Error('LINLI_TEST_POSTGRES is not set: run the journeys by make test or make journeys')
  const name = `linli_journey_${randomBytes(5).toString('hex')}`
  const say = (sql: string) =>
    execFileSync('psql', ['--quiet', '--no-psqlrc', '-v', 'ON_ERROR_STOP=1', server, '-c', sql], { stdio: ['ignore', 'ignore', 'pipe'] })
  say(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.toString(), drop: () => say(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}

async function ready(url: string, program: ChildProcess): Promise<void> {
  const deadline = Date.now() + 180_000
  while (Date.now() < deadline) {
    if (program.exitCode !== null || program.signalCode !== null) throw new Error('the program ended before it was ready')
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((again) => setTimeout(again, 100))
  }
  throw new Error('the program was not ready in time')
}

/** Asks the program to end, and ends it by force when it does not drain in time. */
function ended(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const force = setTimeout(() => program.kill('SIGKILL'), 20_000)
    program.once('exit', () => {
      clearTimeout(force)
      resolve()
    })
    program.kill('SIGTERM')
  })
}
