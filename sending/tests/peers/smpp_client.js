// A client on the npm library `smpp` that does what it is told: a wish a line on stdin, an answer a
// line on stdout; see smpp_clients.py for the wishes. It ends with its stdin.
'use strict';

const readline = require('readline');
const smpp = require('smpp');

const sessions = {};
const receipts = [];
let answersReceipts = true;

const wishes = {
  bind({ name, kind, port, tls, ...fields }, answer) {
    const where = { host: '127.0.0.1', port, tls, rejectUnauthorized: false };
    const session = smpp.connect(where, () => {
      session[`bind_${kind}`]({ interface_version: 0x34, ...fields }, (bound) => {
        answer({ status: bound.command_status, version: bound.sc_interface_version });
      });
    });
    session.closed = new Promise((resolve) => session.once('close', resolve));
    session.on('error', () => {});
    session.on('unbind', (pdu) => session.send(pdu.response()));
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('deliver_sm', (pdu) => {
      receipts.push({
        id: pdu.receipted_message_id, state: pdu.message_state, from: pdu.source_addr,
        to: pdu.destination_addr, esm_class: pdu.esm_class, text: pdu.short_message.message,
      });
      if (answersReceipts) session.send(pdu.response());
    });
    sessions[name] = session;
  },
  async submit({ name, messages }, answer) {
    const one = (fields) => new Promise((resolve) => {
      sessions[name].submit_sm(read(fields), (sent) => {
        resolve([sent.command_status, sent.message_id || '']);
      });
    });
    const lost = sessions[name].closed.then(() => null);
    const answers = messages.map((fields) => Promise.race([one(fields), lost]));
    answer({ answers: await Promise.all(answers) });
  },
  answer_receipts({ yes }, answer) {
    answersReceipts = yes;
    answer({});
  },
  async receipts({ count, seconds }, answer) {
    const until = Date.now() + seconds * 1000;
    while (receipts.length < count && Date.now() < until) await pause(20);
    answer({ receipts: receipts.splice(0) });
  },
  ask({ name, command, fields }, answer) {
    sessions[name][command](fields, (said) => answer({
      status: said.command_status, state: said.message_state, id: said.message_id,
      unsuccess: (said.unsuccess_sme || []).map((sme) => [sme.destination_addr, sme.error_status_code]),
    }));
  },
  async closed({ name }, answer) {
    await sessions[name].closed;
    answer({});
  },
  drop({ name }, answer) {
    sessions[name].destroy(() => answer({}));
  },
};

// Octets are told in hex; a text is encoded by the library.
function read({ hex, text, payload, ...fields }) {
  if (payload !== undefined) return { ...fields, message_payload: payload };
  return { ...fields, short_message: hex === undefined ? text : Buffer.from(hex, 'hex') };
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { wish, ...given } = JSON.parse(line);
  wishes[wish](given, (said) => process.stdout.write(`${JSON.stringify(said)}\n`));
}).on('close', () => process.exit(0));
