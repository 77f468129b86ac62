'use strict'
// One process streams a model to a file, another loads it, as the README of the original describes.
const fs = require('fs')
const os = require('os')
const path = require('path')
const Model = require('scuttlebutt/model')
const { work, isPeer, startPeer, answer, report, cpuNanos } = require('./harness')

function write (file) {
  return new Promise((resolve, reject) => {
    const model = new Model('bench')
    for (let i = 0; i < work.keys; i++) model.set('key' + i, i)
    const output = fs.createWriteStream(file)
    output.on('error', reject)
    output.on('finish', () => resolve(true))
    model.createReadStream({ tail: false }).pipe(output)
  })
}

async function main () {
  const file = path.join(os.tmpdir(), 'journal-load-' + process.pid)
  try {
    await startPeer()({ write: file })
    const model = new Model('bench')
    const cpu = cpuNanos()
    const start = process.hrtime.bigint()
    await new Promise((resolve, reject) => {
      const stream = model.createWriteStream()
      const input = fs.createReadStream(file, { encoding: 'utf8' })
      stream.on('sync', resolve)
      stream.on('error', reject)
      input.on('error', reject)
      input.on('data', text => stream.write(text))
    })
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    if (model.keys().length !== work.keys) throw new Error(model.keys().length + ' keys were loaded')
    report({ value: seconds, byCpu: (cpuNanos() - cpu) / 1e9, MB: fs.statSync(file).size / 1e6 })
  } finally {
    fs.unlinkSync(file)
  }
}

if (isPeer) answer({ write })
else main()
