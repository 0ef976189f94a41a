// Undoes packing.py: base64 of a zlib stream, unpacked as a stream without any outside request.
(function () {
  "use strict";

  function bytes(base64) {
    const text = atob(base64);
    const found = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at += 1) {
      found[at] = text.charCodeAt(at);
    }
    return found;
  }

  // Promise of the bytes that packing.pack was given.
  mmn.inflate = async function (base64) {
    if (typeof DecompressionStream === "undefined") {
      throw new Error("This browser is too old to unpack the data: use one of 2023 or later.");
    }
    const packed = new Blob([bytes(base64)]).stream();
    const plain = packed.pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(plain).arrayBuffer());
  };

  // Promise of the value that packing.pack_json was given.
  mmn.inflateJson = async function (section) {
    return JSON.parse(new TextDecoder().decode(await mmn.inflate(section.packed)));
  };
})();
