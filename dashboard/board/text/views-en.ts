import type { Catalogue } from "./catalogue.ts";

/** Texts about the views that the center shares, in English. */
export const viewsEn = {
  "views.own": "My views",
  "views.center": "Of the center",
  "views.share": "Share",
  "views.shareFor": "Share {name} with the center",
  "views.unshare": "Stop sharing",
  "views.unshareFor": "Stop sharing {name} with the center",
  "views.shared": "The center has the view {name} now.",
  "views.unshared": "The center no longer has the view {name}.",
  "views.refused.not_allowed": "You may not share this view. It needs the role admin, and only groups that you may see.",
  "views.refused.changed_meanwhile": "Somebody changed the shared views meanwhile. Look at them, and try again.",
  "views.refused.name_taken": "Another admin shares a view with this name. Save yours under another name.",
  "views.refused.too_many_views": "The center has as many shared views as it can. Stop sharing one that nobody uses.",
  "views.refused.invalid_views": "This view cannot be shared. Its name or its filters are too long.",
  "views.refused.failed": "Nothing was changed, because the server did not answer. Try again.",
  "views.name": "Name of this view",
  "views.save": "Save view",
  "views.none": "No saved views yet.",
  "views.reset": "Start view",
} as const satisfies Catalogue;
