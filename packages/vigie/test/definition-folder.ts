import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'
import type { Project } from '../src/define/project.ts'

const root = path.resolve(import.meta.dirname, '../../..')

/** A folder in which definitions can import `vigie`, as they do where it is installed. Gone after the tests. */
export function definitionFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-definitions-'))
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}')
  afterAll(() => rmSync(folder, { recursive: true }))
  return folder
}

/** The project that a definition in such a folder exports. */
export async function load(file: string): Promise<Project> {
  return (await import(pathToFileURL(file).href)).default
}

/** What the compiler says of the files under `strict` and more; nothing when all is well. */
export function compilerErrors(folder: string, files: readonly string[]): readonly string[] {
  const config = path.join(folder, 'tsconfig.json')
  const compilerOptions = { noUnusedLocals: true, noUnusedParameters: true }
  writeFileSync(config, JSON.stringify({ extends: path.join(root, 'tsconfig.base.json'), compilerOptions, files }))
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  try {
    execFileSync(process.execPath, [tsc, '--noEmit', '-p', config], { cwd: folder, encoding: 'utf8' })
    return []
  } catch (error) {
    const said = (error as { readonly stdout: string }).stdout.split('\n')
    return said.filter((line) => files.some((file) => line.startsWith(path.basename(file))))
  }
}
