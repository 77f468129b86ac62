// A hub made of the originals, as small as it can be: for measurements beside ours.
// usage: NODE_PATH=…/node_modules node original-hub.js     prints its port
'use strict'
const Events = require('scuttlebutt/events')
const { WebSocketServer } = require('ws')

const documents = new Map()
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => {
  console.log(server.address().port)
})
server.on('connection', (socket, request) => {
  if (!documents.has(request.url)) {
    const events = new Events()
    events.setMaxListeners(0)
    documents.set(request.url, events)
  }
  const stream = documents.get(request.url).createStream()
  stream.on('error', () => socket.terminate())
  stream.on('data', line => socket.send(line))
  socket.on('message', line => stream.write(String(line)))
  socket.on('close', () => stream.destroy())
  socket.on('error', () => {})
})
process.stdin.on('end', () => process.exit(0)).resume()
