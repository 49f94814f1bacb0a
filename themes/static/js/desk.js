// The desk: J and K through the list, panes on small screens, the composer's draft and mode.
import "./list.js";
import "./panes.js";
import "./composer.js";
