// One panel for each curated view.
(function () {
  "use strict";

  var page = window.mmn.page;
  var pictures = page.data("pictures");

  Object.keys(pictures).forEach(function (name) {
    window.mmn.panel({
      id: name,
      label: pictures[name].short,
      group: "Pictures",
      mount: function (root) {
        page.draw(root, pictures[name], "view-" + name);
      },
    });
  });
}());
