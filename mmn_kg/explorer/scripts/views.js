// The curated views.
(function () {
  "use strict";

  window.mmn.panel({
    id: "mechanism",
    label: "Mechanism",
    group: "Pictures",
    mount: function (root, page) {
      root.appendChild(page.el("h2", null, "Mechanism"));
      root.appendChild(page.opener("mmn:MultifocalMotorNeuropathy", "multifocal motor neuropathy"));
    },
  });
}());
