// How to read the page.
(function () {
  "use strict";

  var el = window.mmn.page.el;

  var POINTS = [
    ["Claims and evidence", "Each line of a picture is a claim. Click it: you see what each source says for or against it, with counts, and where to read the source."],
    ["Absent is not unknown", "A dashed red line or box says that sources deny it. Where nothing is drawn, the graph knows nothing of it."],
    ["How sure it is", "Solid lines were observed, or are stated by a source. Dashed ones were carried over from elsewhere or are proposed. A question mark says that sources disagree; both sides stand in the details."],
    ["Derived edges", "Dotted lines follow from other claims by a rule. Their details name the rule and the claims; they are as strong as the weakest of them."],
    ["Figures", "Figures of different studies stand side by side. Nothing is averaged, and populations and designs differ."],
    ["A wrong fact", "It is the worst bug here. The details of each claim give its id: open an issue with it and the source that says otherwise."],
  ];

  window.mmn.panel({
    id: "about",
    label: "How to read it",
    group: "Look up",
    mount: function (root) {
      root.appendChild(el("h2", null, "How to read this page"));
      root.appendChild(el("p", { class: "lead" }, "The page holds the whole knowledge graph of multifocal motor neuropathy and asks nothing of any server: you can keep it, hand it on, and open it without a network. It teaches and informs; it is not medical advice."));
      root.appendChild(el("dl", { class: "points" }, POINTS.map(function (point) {
        return [el("dt", null, point[0]), el("dd", null, point[1])];
      })));
    },
  });
}());
