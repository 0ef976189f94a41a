// The outline of a node by the shape of its kind; the names are those of drawing.STYLES.
(function () {
  "use strict";

  var page = window.mmn.page;

  function polygon(points) {
    return "M" + points.map(function (point) { return point.join(","); }).join("L") + "Z";
  }

  // The path of a shape in a box from 0, 0 to width, height.
  page.outline = function (shape, w, h) {
    var c = Math.min(7, h / 3);
    switch (shape) {
      case "ellipse":
        return "M" + h / 2 + ",0H" + (w - h / 2) + "A" + h / 2 + "," + h / 2 + " 0 0 1 " + (w - h / 2) + "," + h +
          "H" + h / 2 + "A" + h / 2 + "," + h / 2 + " 0 0 1 " + h / 2 + ",0Z";
      case "octagon":
        return polygon([[c, 0], [w - c, 0], [w, c], [w, h - c], [w - c, h], [c, h], [0, h - c], [0, c]]);
      case "hexagon":
        return polygon([[c, 0], [w - c, 0], [w, h / 2], [w - c, h], [c, h], [0, h / 2]]);
      case "parallelogram":
        return polygon([[c, 0], [w, 0], [w - c, h], [0, h]]);
      case "house":
        return polygon([[0, c], [w / 2, 0], [w, c], [w, h], [0, h]]);
      case "invhouse":
        return polygon([[0, 0], [w, 0], [w, h - c], [w / 2, h], [0, h - c]]);
      case "rarrow":
      case "cds":
        return polygon([[0, 0], [w - c, 0], [w, h / 2], [w - c, h], [0, h]]);
      case "diamond":
        return polygon([[0, h / 2], [c, 0], [w - c, 0], [w, h / 2], [w - c, h], [c, h]]);
      case "note":
        return polygon([[0, 0], [w - c, 0], [w, c], [w, h], [0, h]]);
      case "tab":
      case "folder":
        return polygon([[0, 0], [w / 3, 0], [w / 3 + 3, 3], [w, 3], [w, h], [0, h]]);
      case "component":
      case "box3d":
        return "M0,0H" + w + "V" + h + "H0ZM4,0V" + h + "M" + (w - 4) + ",0V" + h;
      default:
        return "M0,0H" + w + "V" + h + "H0Z";
    }
  };
}());
