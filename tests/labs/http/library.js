// Node's http module, which cuts the requests; the paths and the files are ours.
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { pipeline } = require("node:stream");

const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const folder = fs.realpathSync(argument("--folder"));

const server = http.createServer((request, response) => {
  const refuse = (status) => response.writeHead(status, { "Content-Length": 0 }).end();
  request.resume();
  if (!["GET", "HEAD"].includes(request.method)) return refuse(405);
  let name;
  try {
    name = decodeURIComponent(request.url.split("?")[0]);
  } catch {
    return refuse(400);
  }
  if (name.includes("\0")) return refuse(400);
  const found = path.join(folder, name === "/" ? "index.html" : name);
  if (!found.startsWith(folder + path.sep)) return refuse(403);
  fs.open(found, (error, fd) => {
    if (error) return refuse(404);
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) return fs.close(fd, () => refuse(404));
    response.writeHead(200, { "Content-Length": stat.size });
    if (request.method === "HEAD") return fs.close(fd, () => response.end());
    pipeline(fs.createReadStream("", { fd }), response, () => {});
  });
});
server.listen(Number(argument("--port")), "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
