// A message centre on the npm library `smpp`, told what to do by JSON lines on stdin.
//
//   {"set": {"delay_ms": 20, "receipts": 1}}   change settings (below); the port stays
//   {"outage_ms": 3000}                        cut every session, refuse new ones for so long
//   {"deliver": {...}}                         send this deliver_sm to every session
//   {"stats": true}                            only answer
//
// Every line is answered on stdout by one JSON line with the counts so far; the first line says
// the port. It ends when stdin ends. DUMP names a file that gets one JSON line per accepted
// submit_sm, before its answer.
'use strict';

const fs = require('fs');
const readline = require('readline');
const smpp = require('smpp');

const settings = {
  delay_ms: 0, // until an answer
  rate: 0, // submit_sm a second; above, ESME_RTHROTTLED; 0 is no limit
  refuse_every: 0, // every so many-th is refused with refuse_status
  refuse_status: smpp.ESME_RINVDSTADR,
  drop_every: 0, // every so many-th is accepted and never answered
  cut_every: 0, // every so many-th is accepted, then the connection is cut
  receipts: 0, // how many copies of a receipt
  receipt_delay_ms: 0,
  receipt_jitter_ms: 0, // up to so much more, each its own, so that they overtake each other
  receipt_tries: 1, // one that is refused, unanswered or has no session comes again after a second
  receipt_stat: 'DELIVRD',
};
const counts = {
  binds: 0, submits: 0, accepted: 0, throttled: 0, refused: 0, dropped: 0, cut: 0,
  receipts_sent: 0, receipts_stored: 0, receipts_refused: 0, most_unanswered: 0, repeated: 0,
};
const STATES = { DELIVRD: 2, EXPIRED: 3, UNDELIV: 5, REJECTD: 8 };
const sessions = new Set();
const seen = new Set();
const run = Date.now().toString(16);
const dump = process.env.DUMP ? fs.openSync(process.env.DUMP, 'a') : null;
let unanswered = 0;
let second = { at: 0, submits: 0 };
let lastReceiver = null;

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const later = (ms, act) => (ms > 0 ? setTimeout(act, ms) : act());
const isEvery = (n) => n > 0 && counts.submits % n === 0;

function parts(pdu) {
  const { udh, message } = pdu.short_message;
  return {
    udh: udh ? Buffer.concat(udh.map((ie) => ie)).toString('hex') : '',
    text: Buffer.isBuffer(message) ? message.toString('hex') : message,
  };
}

function isAboveRate() {
  const now = Math.floor(Date.now() / 1000);
  if (second.at !== now) second = { at: now, submits: 0 };
  second.submits += 1;
  return settings.rate > 0 && second.submits > settings.rate;
}

function remember(pdu, id) {
  const record = {
    at: new Date().toISOString(), id, to: pdu.destination_addr, from: pdu.source_addr,
    data_coding: pdu.data_coding, esm_class: pdu.esm_class, ...parts(pdu),
  };
  const key = [record.to, record.udh, record.text].join('\n');
  if (seen.has(key)) counts.repeated += 1;
  seen.add(key);
  if (dump !== null) fs.writeSync(dump, JSON.stringify(record) + '\n');
}

function sendReceipt(pdu, id, tries = settings.receipt_tries) {
  const again = () => {
    if (tries > 1) setTimeout(() => sendReceipt(pdu, id, tries - 1), 1000);
  };
  // A client that came back after a cut gets what belongs to it on its new connection.
  if (lastReceiver === null) return again();
  const date = new Date().toISOString().replace(/\D/g, '').slice(2, 12);
  const stat = settings.receipt_stat;
  const unanswered = tries > 1 ? setTimeout(again, 5000) : null;
  counts.receipts_sent += 1;
  lastReceiver.deliver_sm({
    source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: 4,
    receipted_message_id: id, message_state: STATES[stat],
    short_message: `id:${id} sub:001 dlvrd:001 submit date:${date} done date:${date} ` +
      `stat:${stat} err:000 text:`,
  }, (answer) => {
    clearTimeout(unanswered);
    if (answer.command_status === 0) {
      counts.receipts_stored += 1;
    } else {
      counts.receipts_refused += 1;
      again();
    }
  });
  return undefined;
}

function submitted(session, pdu) {
  // What came in one piece with the message that was cut is lost with the connection.
  if (session.socket.destroyed) return undefined;
  counts.submits += 1;
  unanswered += 1;
  counts.most_unanswered = Math.max(counts.most_unanswered, unanswered);
  const answer = (fields) => later(settings.delay_ms, () => {
    unanswered -= 1;
    if (!session.socket.destroyed) session.send(pdu.response(fields));
  });
  if (isAboveRate()) {
    counts.throttled += 1;
    return answer({ command_status: smpp.ESME_RTHROTTLED });
  }
  if (isEvery(settings.refuse_every)) {
    counts.refused += 1;
    return answer({ command_status: settings.refuse_status });
  }
  counts.accepted += 1;
  const id = `${run}-${counts.accepted}`;
  remember(pdu, id);
  if (isEvery(settings.cut_every)) {
    counts.cut += 1;
    unanswered -= 1;
    session.destroy();
  } else if (isEvery(settings.drop_every)) {
    counts.dropped += 1;
    unanswered -= 1;
  } else {
    answer({ message_id: id });
  }
  if (pdu.registered_delivery) {
    for (let copy = 0; copy < settings.receipts; copy += 1) {
      const jitter = settings.receipt_jitter_ms * Math.random();
      const wait = settings.delay_ms + settings.receipt_delay_ms + jitter;
      later(wait, () => sendReceipt(pdu, id));
    }
  }
  return undefined;
}

function serve(session) {
  sessions.add(session);
  session.socket.setNoDelay(true);
  session.on('error', () => {});
  session.on('close', () => {
    sessions.delete(session);
    if (lastReceiver === session) lastReceiver = null;
  });
  for (const kind of ['bind_transceiver', 'bind_receiver', 'bind_transmitter']) {
    session.on(kind, (pdu) => {
      counts.binds += 1;
      if (kind !== 'bind_transmitter') lastReceiver = session;
      session.send(pdu.response({ system_id: 'node-smpp' }));
    });
  }
  session.on('submit_sm', (pdu) => submitted(session, pdu));
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => {
    session.send(pdu.response());
    session.close();
  });
}

function outage(ms, port) {
  server.close();
  for (const session of sessions) session.destroy();
  // On a slow machine the next outage can begin before this one is over.
  setTimeout(() => server.listening || server.listen(port, '127.0.0.1'), ms);
}

const server = smpp.createServer(serve);
server.listen(Number(process.env.PORT || 0), '127.0.0.1', () => {
  const { port } = server.address();
  server.removeAllListeners('listening');
  say({ port });
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const wish = JSON.parse(line);
    Object.assign(settings, wish.set);
    if (wish.outage_ms !== undefined) outage(wish.outage_ms, port);
    if (wish.deliver) for (const session of sessions) session.deliver_sm(wish.deliver);
    say({ ...counts, sessions: sessions.size });
  });
  lines.on('close', () => process.exit(0));
});
