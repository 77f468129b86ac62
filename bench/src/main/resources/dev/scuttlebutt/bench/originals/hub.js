'use strict'
// A hub made of the originals, as small as it can be. It speaks with the measuring process over its standard streams.
const Events = require('scuttlebutt/events')
const { WebSocketServer } = require('ws')
const { serve } = require('./server')

const documents = new Map()
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => serve(server))
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
