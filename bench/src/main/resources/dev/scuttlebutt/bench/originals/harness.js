'use strict'
// The counterpart of Stopwatch, Conversation and PeerProcess: the same rules for the original.

const { fork } = require('child_process')

exports.work = JSON.parse(process.argv[2])
exports.isPeer = process.argv[3] === 'peer'

exports.cpuNanos = () => {
  const used = process.cpuUsage()
  return (used.user + used.system) * 1000
}

const now = () => Number(process.hrtime.bigint())

class Stopwatch {
  constructor (furtherCpuNanos) {
    this.cpu = async () => exports.cpuNanos() + (furtherCpuNanos ? await furtherCpuNanos() : 0)
    this.begin = exports.cpuNanos()
    this.measuringSince = 0
    this.clear()
  }

  clear () {
    this.rounds = this.nanos = this.cpuNanos = this.operations = 0
  }

  running () {
    const time = exports.cpuNanos()
    if (this.measuringSince === 0) {
      if (time - this.begin >= exports.work.warmUpMillis * 1e6) {
        this.measuringSince = time
        this.clear()
      }
      return true
    }
    return time - this.measuringSince < exports.work.measureMillis * 1e6 || this.rounds < 3
  }

  async start () {
    this.startedCpu = await this.cpu()
    this.started = now()
  }

  async stop (done) {
    this.nanos += now() - this.started
    this.cpuNanos += await this.cpu() - this.startedCpu
    this.operations += done
    this.rounds++
  }

  rate (details) {
    return { value: this.operations * 1e9 / this.nanos, byCpu: this.operations * 1e9 / this.cpuNanos, ...details }
  }

  micros (details) {
    return { value: this.nanos / 1e3 / this.operations, byCpu: this.cpuNanos / 1e3 / this.operations, ...details }
  }
}

exports.Stopwatch = Stopwatch

/** Prints the measurement and ends the process. */
exports.report = measurement => {
  process.stdout.write(JSON.stringify(measurement) + '\n', () => process.exit(0))
}

/** Starts this script once more as the other end. Returns a function that asks it something. */
exports.startPeer = () => {
  const peer = fork(process.argv[1], [process.argv[2], 'peer'])
  peer.on('exit', code => { if (code) process.exit(code) })
  return question => new Promise(resolve => {
    peer.once('message', resolve)
    peer.send(question)
  })
}

/** Answers what the measuring process asks, with the functions named after the questions. */
exports.answer = answers => {
  answers.cpu = exports.cpuNanos
  process.on('message', async question => {
    const name = Object.keys(question)[0]
    process.send(await answers[name](question[name]))
  })
  process.on('disconnect', () => process.exit(0))
}

exports.keys = count => Array.from({ length: count }, (_, i) => 'key' + i)

exports.nextTurn = () => new Promise(resolve => setImmediate(resolve))

/**
 * The counterpart of MemoryPerItem: what each item takes of what a function makes that takes their number. Another one counts
 * them afterwards.
 */
exports.measureMemory = (filled, count) => {
  require('v8').setFlagsFromString('--expose-gc')
  const gc = require('vm').runInNewContext('gc')
  const memory = () => {
    for (let i = 0; i < 3; i++) gc()
    const used = process.memoryUsage()
    return used.heapUsed + used.arrayBuffers
  }
  const items = exports.work.items
  filled(100)
  const before = memory()
  const whole = filled(items)
  const taken = memory() - before
  const held = count(whole)
  if (held !== items) throw new Error(`holds ${held} items instead of ${items}`)
  exports.report({ value: taken / items, byCpu: null, MB: taken / (1 << 20) })
}

/** The recorded edits, [index, deleted, inserted] each, and a function that checks the text they end in. */
exports.trace = () => {
  const file = require('path').join(__dirname, 'automerge-paper.json.gz')
  const recorded = JSON.parse(require('zlib').gunzipSync(require('fs').readFileSync(file)))
  const all = recorded.txns.flatMap(transaction => transaction.patches)
  const edits = all.slice(0, exports.work.edits)
  const check = text => {
    if (edits.length === all.length && text !== recorded.endContent) throw new Error('not the recorded text')
  }
  return { edits, check }
}

/** A document of yjs with these edits, each a transaction. */
exports.typed = (Y, edits, onUpdate) => {
  const doc = new Y.Doc()
  if (onUpdate) doc.on('update', onUpdate)
  const text = doc.getText('text')
  for (const [at, deleted, inserted] of edits) {
    doc.transact(() => {
      if (deleted > 0) text.delete(at, deleted)
      if (inserted) text.insert(at, inserted)
    })
  }
  return doc
}
