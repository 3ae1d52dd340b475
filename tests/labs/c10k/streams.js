// Node: pipe reads no more than it can write.
const net = require("node:net");

const server = net.createServer((conn) => {
  conn.on("error", () => conn.destroy());
  conn.pipe(conn);
});
server.on("error", () => {});
server.listen({ port: Number(process.argv[process.argv.indexOf("--port") + 1]), host: "127.0.0.1", backlog: 1024 }, () =>
  console.log(`listening on 127.0.0.1:${server.address().port}`));
