// A client on the npm library `smpp`: binds to PORT, sends three texts, waits for their receipts,
// asks enquire_link, unbinds, and prints what it saw as one JSON line.
'use strict';

const smpp = require('smpp');

const texts = [
  { to: '85266661234', text: 'Plain words' },
  { to: '85266661235', text: '验证码 1234' },
  { to: '85266669901', text: 'Nobody there' },
];
const seen = { bind: null, version: null, ids: [], receipts: [], enquire_link: null, unbind: null };
const session = smpp.connect({ url: `smpp://127.0.0.1:${process.env.PORT}` }, () => {
  session.bind_transceiver({ system_id: 'node', password: 'x' }, bound);
});
session.on('error', (error) => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
});

function bound(answer) {
  seen.bind = answer.command_status;
  seen.version = answer.sc_interface_version;
  for (const { to, text } of texts) {
    const fields = { destination_addr: to, source_addr: 'Brand', short_message: text };
    session.submit_sm({ ...fields, registered_delivery: 1 }, (sent) => {
      seen.ids.push(sent.message_id);
    });
  }
}

session.on('deliver_sm', (pdu) => {
  session.send(pdu.response());
  seen.receipts.push({
    id: pdu.receipted_message_id, state: pdu.message_state, from: pdu.source_addr,
    to: pdu.destination_addr, text: pdu.short_message.message,
  });
  if (seen.receipts.length === texts.length) leave();
});

function leave() {
  session.enquire_link((answer) => {
    seen.enquire_link = answer.command_status;
    session.unbind((last) => {
      seen.unbind = last.command_status;
      session.close();
      process.stdout.write(JSON.stringify(seen) + '\n');
    });
  });
}
