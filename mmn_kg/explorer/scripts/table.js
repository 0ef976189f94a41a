// Unpack what explorer/columns.py packed: one array a column, undefined where a row lacks it.
(function () {
  "use strict";

  window.mmn.page.unpack = function (table) {
    var found = { rows: table.rows };
    Object.keys(table.columns).forEach(function (name) {
      var column = table.columns[name];
      var cells = new Array(table.rows);
      var count = (column.d || column.v).length;
      var row = -1;
      for (var i = 0; i < count; i += 1) {
        row = column.r ? (i === 0 ? column.r[0] : row + column.r[i]) : i;
        cells[row] = column.d ? column.v[column.d[i]] : column.v[i];
      }
      found[name] = cells;
    });
    return found;
  };
}());
