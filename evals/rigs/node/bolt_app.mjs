// A Slack app as Slack's own library for JavaScript makes it, to be pressed through slacksim: if it
// hears, acknowledges and answers as it does at Slack's, slacksim is a Slack and not our idea of one.
import bolt from "@slack/bolt";

const { SLACK_URL, BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, PORT } = process.env;
const overHttp = Boolean(PORT);
const app = new bolt.App({
  token: BOT_TOKEN,
  clientOptions: { slackApiUrl: SLACK_URL },
  ...(overHttp
    ? { signingSecret: SIGNING_SECRET }
    : { socketMode: true, appToken: APP_TOKEN }),
});

app.message(async ({ message, say }) => {
  await say({
    text: `heard ${message.text}`,
    thread_ts: message.ts,
    blocks: [
      { type: "section", text: { type: "plain_text", text: `heard ${message.text}` } },
      {
        type: "actions",
        elements: [
          { type: "button", action_id: "go", value: "42", text: { type: "plain_text", text: "Go" } },
        ],
      },
    ],
  });
});

app.action("go", async ({ ack, body, client, action }) => {
  await ack();
  await client.chat.update({
    channel: body.channel.id,
    ts: body.message.ts,
    text: `pressed ${action.value} by ${body.user.id}`,
    blocks: [],
  });
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: "modal",
      callback_id: "why",
      private_metadata: body.channel.id,
      title: { type: "plain_text", text: "Why" },
      submit: { type: "plain_text", text: "Say" },
      blocks: [
        {
          type: "input",
          block_id: "reason",
          label: { type: "plain_text", text: "Why" },
          element: { type: "plain_text_input", action_id: "reason" },
        },
      ],
    },
  });
});

app.view("why", async ({ ack, view, body, client }) => {
  await ack();
  await client.chat.postEphemeral({
    channel: view.private_metadata,
    user: body.user.id,
    text: `because ${view.state.values.reason.reason.value}`,
  });
});

app.command("/qm", async ({ command, ack, respond }) => {
  await ack();
  await respond(`asked ${command.text}`);
});

app.event("app_home_opened", async ({ event, client }) => {
  await client.views.publish({
    user_id: event.user,
    view: {
      type: "home",
      blocks: [{ type: "section", text: { type: "plain_text", text: "at home" } }],
    },
  });
});

await app.start(overHttp ? Number(PORT) : undefined);
console.log("ready");
