'use strict'

// Prints the vectors of docs/PROTOCOL.md, section 9, one JSON value per line: made by Node's own cryptography from that
// text alone, so that they judge the Java side. The keys are read from the first line of an earlier run, given as a
// file; without one new keys are made, and every vector changes.
//
//   node document-vectors.js [signatures.jsonl] > signatures.jsonl

const crypto = require('crypto')
const fs = require('fs')

const algorithms = {
  'ed25519': { sign: (text, key) => crypto.sign(null, text, key) },
  'rsa-sha256': { sign: (text, key) => crypto.sign('RSA-SHA256', text, key) }
}

function newKeys () {
  const pem = { privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }
  return {
    'ed25519': crypto.generateKeyPairSync('ed25519', pem),
    'rsa-sha256': crypto.generateKeyPairSync('rsa', { modulusLength: 2048, ...pem })
  }
}

const keys = process.argv[2] ? JSON.parse(fs.readFileSync(process.argv[2], 'utf8').split('\n')[0]).keys : newKeys()
for (const name of Object.keys(keys)) {
  const spki = crypto.createPublicKey(keys[name].publicKey).export({ type: 'spki', format: 'der' })
  keys[name].id = name + ':' + crypto.createHash('sha256').update(spki).digest('base64')
}

function text (document, elements) {
  return JSON.stringify([document].concat(elements))
}

function sign (name, document, elements) {
  return name + ':' + algorithms[name].sign(Buffer.from(text(document, elements)), keys[name].privateKey).toString('base64')
}

function print (value) {
  process.stdout.write(JSON.stringify(value) + '\n')
}

print({ keys })

const changes = [
  ['k', 'v'], [], null, 'text', 5, { b: 1, 10: 2, a: 4, 9: 3 }, ['é€😀', '\u2028\u007f"\\\n'], ['n', [0, -0, 1e21, 1e-7, 0.1]],
  ['lone', 'a\ud800b'], { __proto__: null, toJSON: 1 }
]
const documents = ['notes', 'board/7', 'ü "quoted"\n', 'lone \udc00']

for (const name of Object.keys(algorithms)) {
  const source = keys[name].id
  documents.forEach((document, d) => changes.forEach((change, c) => {
    if (d === 0 || c === d) {
      const elements = [change, 1700000000000 + c / 1000, source]
      const line = JSON.stringify(elements.concat(sign(name, document, elements)))
      print({ name: `${name}, document ${d}, change ${c}`, document, line, signedText: text(document, elements), valid: true })
    }
  }))

  const elements = [['k', 'v'], 1700000000000, source]
  const genuine = sign(name, 'notes', elements)
  const bare = genuine.slice(name.length + 1)
  const other = Object.keys(algorithms).find(a => a !== name)
  const refuse = (why, line, document = 'notes') => print({ name: `${name}: ${why}`, document, line: JSON.stringify(line), valid: false })
  const accept = (why, line) => print({ name: `${name}: ${why}`, document: 'notes', line: typeof line === 'string' ? line : JSON.stringify(line), valid: true })

  accept('white space and escapes on the wire', JSON.stringify(elements.concat(genuine)).replace('"k"', ' "\\u006b" ').replace('1700000000000', '17e11'))
  accept('a further element is signed too', elements.concat('extra', sign(name, 'notes', elements.concat('extra'))))
  refuse('another document', elements.concat(genuine), 'diary')
  refuse('a document whose name continues this one', elements.concat(genuine), 'notes2')
  refuse('change', [['k', 'w']].concat(elements.slice(1), genuine))
  refuse('timestamp', [elements[0], 1700000000001, source, genuine])
  refuse('source of the other key', [elements[0], elements[1], keys[other].id, genuine])
  refuse('no signature', elements)
  refuse('signature without its algorithm', elements.concat(bare))
  refuse('signature under the other algorithm', elements.concat(other + ':' + bare))
  refuse('signature of the other key', elements.concat(sign(other, 'notes', elements)))
  refuse('signature without the document', elements.concat(name + ':' + algorithms[name].sign(Buffer.from(JSON.stringify(elements)), keys[name].privateKey).toString('base64')))
  refuse('signature as the original makes it', elements.concat(name + ':' + crypto.sign('RSA-SHA1', Buffer.from(JSON.stringify(elements)), keys['rsa-sha256'].privateKey).toString('base64')))
  refuse('SHA-1 under the name of SHA-256', elements.concat(name + ':' + crypto.sign('RSA-SHA1', Buffer.from(text('notes', elements)), keys['rsa-sha256'].privateKey).toString('base64')))
  refuse('an element added after signing', elements.concat('extra', genuine))
  refuse('no padding', elements.concat(genuine.replace(/=+$/, '')))
  refuse('white space in the base64', elements.concat(genuine.slice(0, 40) + '\n' + genuine.slice(40)))
  refuse('truncated', elements.concat(genuine.slice(0, -4)))
  refuse('longer', elements.concat(genuine + 'AAAA'))
  refuse('empty', elements.concat(name + ':'))
  for (const junk of [5, null, true, {}, [genuine], '']) refuse('signature is ' + JSON.stringify(junk).slice(0, 12), elements.concat([junk]))
}
