// Bundles originals.js for a browser: node bundle.mjs NODE_MODULES, which prints the script.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

const packages = process.argv[2]
const require = createRequire(join(packages, 'x.js'))
const { buildSync } = require('esbuild')

const { outputFiles } = buildSync({
  entryPoints: [fileURLToPath(new URL('originals.js', import.meta.url))],
  bundle: true,
  write: false,
  platform: 'browser',
  format: 'iife',
  nodePaths: [packages],
  // What browserify put in place of the modules of node when these packages were young.
  alias: { stream: 'readable-stream', util: fileURLToPath(new URL('node-util.js', import.meta.url)) },
  inject: [fileURLToPath(new URL('node-globals.js', import.meta.url))],
  define: { global: 'globalThis' }
})
process.stdout.write(outputFiles[0].text)
