// Oxigraph in a worker: started when first asked, ended when a query takes too long.
(function () {
  "use strict";

  const START_LIMIT = 60000;

  // Make the engine of a page; it costs nothing until start() or run() is called.
  mmn.engine = function (page, { seconds = 10, most = 10000 } = {}) {
    let parts = null;
    let ready = null;
    let worker = null;
    let waiting = null;
    let sent = 0;

    async function unpacked() {
      const section = page.data("engine");
      const [script, program, graph] = await Promise.all([section.script, section.program, section.graph].map(mmn.inflate));
      return { script, program, graph };
    }

    function post(message, limit) {
      return new Promise((resolve, reject) => {
        sent += 1;
        const timer = setTimeout(() => end(Object.assign(new Error("too long"), { reason: "time" })), limit);
        waiting = { id: sent, timer, resolve, reject };
        worker.postMessage(Object.assign({ id: sent }, message));
      });
    }

    function hear(event) {
      if (waiting === null || event.data.id !== waiting.id) {
        return;
      }
      const { timer, resolve, reject } = waiting;
      clearTimeout(timer);
      waiting = null;
      if (event.data.error === undefined) {
        resolve(event.data.found);
      } else if (event.data.broken) {
        stop();
        reject(Object.assign(new Error(event.data.error), { reason: "broken" }));
      } else {
        reject(Object.assign(new Error(event.data.error), { reason: "query" }));
      }
    }

    // End the worker; whoever waits for it learns why.
    function end(error) {
      const lost = waiting;
      if (lost !== null) {
        stop();
        clearTimeout(lost.timer);
        lost.reject(error);
      }
    }

    function stop() {
      if (worker !== null) {
        worker.terminate();
      }
      worker = ready = waiting = null;
    }

    async function begin() {
      parts = parts || (await unpacked());
      const address = URL.createObjectURL(new Blob([parts.script], { type: "text/javascript" }));
      worker = new Worker(address);
      worker.addEventListener("message", hear);
      worker.addEventListener("error", (event) => end(Object.assign(new Error(event.message || "the worker failed"), { reason: "broken" })));
      const found = await post({ job: "start", program: parts.program, graph: parts.graph }, START_LIMIT);
      URL.revokeObjectURL(address);
      return found;
    }

    // Promise of {triples, names}: the engine holds the graph.
    function start() {
      if (ready === null) {
        ready = begin();
        ready.catch(stop);
      }
      return ready;
    }

    // Promise of {columns, rows, total, labels, unknown} (workers/sparql.js).
    async function run({ query, form, terms }) {
      await start();
      if (waiting !== null) {
        throw Object.assign(new Error("busy"), { reason: "busy" });
      }
      return post({ job: "run", query, form, terms, most }, seconds * 1000);
    }

    return {
      included: document.getElementById("data-engine") !== null,
      seconds,
      start,
      run,
      cancel: () => end(Object.assign(new Error("stopped"), { reason: "stopped" })),
    };
  };

  // One engine a page: the panels share it.
  let shared = null;
  mmn.sharedEngine = (page) => (shared = shared || mmn.engine(page));
})();
