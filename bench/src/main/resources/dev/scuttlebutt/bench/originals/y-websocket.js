'use strict'
// The server that comes with y-websocket, which keeps documents of Yjs.
const { WebSocketServer } = require('ws')
const { setupWSConnection } = require('y-websocket/bin/utils')
const { serve } = require('./server')

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => serve(server))
server.on('connection', (socket, request) => {
  socket.on('error', () => {})
  setupWSConnection(socket, request)
})
