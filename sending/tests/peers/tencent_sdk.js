// A program on the official SDK for Node: a call a line in, what the SDK makes of it a line out.
"use strict";

const readline = require("node:readline");
const { sms } = require("tencentcloud-sdk-nodejs-sms");

async function call(wish) {
  const client = new sms.v20210111.Client({
    credential: { secretId: wish.id, secretKey: wish.key },
    region: "ap-singapore",
    profile: {
      signMethod: wish.sign,
      httpProfile: {
        protocol: "http://",
        endpoint: wish.endpoint,
        reqMethod: wish.method,
        headers: wish.headers,
      },
    },
  });
  try {
    return await client[wish.action](wish.parameters);
  } catch (error) {
    return { code: error.code, message: error.message };
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await call(JSON.parse(line))) + "\n");
  }
}

main();
