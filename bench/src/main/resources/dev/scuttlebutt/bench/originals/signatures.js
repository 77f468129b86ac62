'use strict'
const crypto = require('crypto')
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads')
const { work, cpuNanos, report } = require('./harness')

// As scuttlebutt/security.js signs and verifies; it has RSA alone.
const encoding = { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }
const update = [['key', 'value of the key'], 1700000000000.001, 'lk5RPxZJ4InN3AxwVYiqIOHHpQs=']

function operations (keys) {
  if (work.ed25519) {
    const sign = () => crypto.sign(null, Buffer.from(JSON.stringify(update)), keys.privateKey).toString('base64')
    const signature = sign()
    return {
      sign,
      verify: () => crypto.verify(null, Buffer.from(JSON.stringify(update)), keys.publicKey, Buffer.from(signature, 'base64'))
    }
  }
  const sign = () => crypto.createSign('RSA-SHA1').update(JSON.stringify(update)).sign(keys.privateKey, 'base64')
  const signature = sign()
  return {
    sign,
    verify: () => crypto.createVerify('RSA-SHA1').update(JSON.stringify(update)).verify(keys.publicKey, signature, 'base64')
  }
}

function rate (keys, name, millis) {
  const operation = operations(keys)[name]
  const start = process.hrtime.bigint()
  const until = start + BigInt(Math.ceil(millis * 1e6))
  let done = 0
  do {
    if (!operation()) throw new Error('a good signature was refused')
    done++
  } while (process.hrtime.bigint() < until)
  return done * 1e9 / Number(process.hrtime.bigint() - start)
}

async function onTwoCores (keys, name, millis) {
  const rates = [0, 1].map(() => new Promise((resolve, reject) => {
    new Worker(__filename, { argv: process.argv.slice(2), workerData: { keys, name, millis } })
      .once('message', resolve).once('error', reject)
  }))
  return (await Promise.all(rates)).reduce((sum, one) => sum + one, 0)
}

async function main () {
  const keys = work.ed25519
    ? crypto.generateKeyPairSync('ed25519', encoding)
    : crypto.generateKeyPairSync('rsa', { modulusLength: 2048, ...encoding })
  rate(keys, 'sign', work.warmUpMillis / 4)
  rate(keys, 'verify', work.warmUpMillis / 4)
  const cpu = cpuNanos()
  const start = process.hrtime.bigint()
  const verified = rate(keys, 'verify', work.measureMillis)
  const cores = (cpuNanos() - cpu) / Number(process.hrtime.bigint() - start)
  report({
    value: verified,
    byCpu: verified / cores,
    'verified on two cores': await onTwoCores(keys, 'verify', work.measureMillis / 2),
    signed: rate(keys, 'sign', work.measureMillis / 2),
    'signed on two cores': await onTwoCores(keys, 'sign', work.measureMillis / 2)
  })
}

if (isMainThread) main(); else parentPort.postMessage(rate(workerData.keys, workerData.name, workerData.millis))
