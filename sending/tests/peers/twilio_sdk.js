// A program on the official Twilio SDK for Node: a call a line in, what it makes of it out.
// Only `baseUrl` is changed.
"use strict";

const readline = require("node:readline");
const twilio = require("twilio");

const RENAMED = { from_: "from" };

function camel(name) {
  const plain = RENAMED[name] || name;
  return plain.replace(/_([a-z])/g, (_all, letter) => letter.toUpperCase());
}

function clientOf(wish) {
  const client = twilio(wish.user, wish.password, { accountSid: wish.account });
  client.api.baseUrl = wish.base;
  return client;
}

function argumentsOf(wish) {
  const given = {};
  for (const [name, value] of Object.entries(wish.arguments || {})) {
    const isMoment = name === "send_at" || name.startsWith("date_sent");
    given[camel(name)] = isMoment ? new Date(value) : value;
  }
  return given;
}

const FIELDS = [
  "sid", "account_sid", "body", "to", "from_", "status", "direction", "num_segments",
  "num_media", "price", "price_unit", "error_code", "error_message", "uri",
  "date_created", "date_sent", "date_updated", "messaging_service_sid",
];

function message(found) {
  const shown = {};
  for (const name of FIELDS) {
    const value = found[camel(name)];
    shown[name] = value instanceof Date ? value.toISOString() : value;
  }
  return shown;
}

async function asked(wish) {
  if (wish.call === "valid") {
    return twilio.validateRequest(wish.token, wish.signature, wish.url, wish.form);
  }
  const client = clientOf(wish);
  const given = argumentsOf(wish);
  if (wish.call === "create") return message(await client.messages.create(given));
  if (wish.call === "list") return (await client.messages.list(given)).map((one) => one.sid);
  if (wish.call === "account") {
    const { sid, status, type } = await client.api.accounts(wish.account).fetch();
    return { sid, status, type };
  }
  if (wish.call === "balance") {
    const { balance, currency } = await client.balance.fetch();
    return { balance, currency };
  }
  const one = client.messages(wish.sid);
  if (wish.call === "fetch") return message(await one.fetch());
  if (wish.call === "update") return message(await one.update(given));
  if (wish.call === "delete") return one.remove();
  if (wish.call === "feedback") return (await one.feedback.create(given)).outcome;
  if (wish.call === "media") return (await one.media.list()).length;
  throw new Error(wish.call);
}

async function answered(wish) {
  try {
    return { result: await asked(wish) };
  } catch (error) {
    return {
      raised: error.constructor.name,
      code: error.code,
      status: error.status,
      message: error.message,
    };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answered(JSON.parse(line)))}\n`);
  }
})();
