// The npm package "onvif" as a client of our camera: node onvif_peer.cjs PACKAGE HOST PORT USER PASSWORD
// Prints one line of JSON with what it learned.
const [packageAt, hostname, port, username, password] = process.argv.slice(2);
const { Cam } = require(packageAt);

const called = (cam, method, ...words) =>
  new Promise((resolve, reject) => {
    cam[method](...words, (error, answer) => (error ? reject(error) : resolve(answer)));
  });

const connected = () =>
  new Promise((resolve, reject) => {
    const cam = new Cam({ hostname, username, password, port: Number(port), timeout: 10000 }, (error) =>
      error ? reject(error) : resolve(cam),
    );
  });

async function main() {
  const cam = await connected();
  const information = await called(cam, "getDeviceInformation");
  const stream = await called(cam, "getStreamUri", { protocol: "RTSP" });
  const scopes = await called(cam, "getScopes");
  const clock = await called(cam, "getSystemDateAndTime");
  const made = await called(cam, "createProfile", { name: "peer", token: "peer" });
  await called(cam, "deleteProfile", "peer");
  const later = new Date(Date.now() + 100_000); // no more: the package goes on to log in by the clock of before
  await called(cam, "setSystemDateAndTime", { dateTime: later, dateTimeType: "Manual" });
  const set = await called(cam, "getSystemDateAndTime");
  await called(cam, "setSystemDateAndTime", { dateTimeType: "NTP" });
  await called(cam, "absoluteMove", { x: 0.5, y: 0.25, zoom: 0.5 });
  const status = await called(cam, "getStatus");
  const imaging = await called(cam, "getImagingSettings");
  const topics = await called(cam, "getEventProperties");
  await called(cam, "createPullPointSubscription");
  const pulled = await called(cam, "pullMessages", { timeout: 2000, messageLimit: 20 });
  const messages = [].concat(pulled.notificationMessage);
  await called(cam, "unsubscribe");
  console.log(
    JSON.stringify({
      model: information.model,
      profiles: cam.profiles.map((profile) => profile.$.token),
      stream: stream.uri,
      scopes: scopes.map((scope) => scope.scopeItem),
      later_s: Math.round((set - clock) / 1000),
      made: made.$.token,
      position: status.position,
      brightness: imaging.brightness,
      topics: Object.keys(topics.topicSet),
      messages: messages.map((message) => message.topic._),
    }),
  );
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
