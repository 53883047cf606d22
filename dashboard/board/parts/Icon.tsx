import type { ReactNode } from "react";

/** Line drawings on a 16 x 16 grid. A word is always beside them, so assistive technology ignores them. */
export const DRAWINGS = {
  check: <path d="M3 8.5 6.5 12 13 4.5" />,
  phone: (
    <path d="M4.6 2.2 6.2 5 5 6.6c.8 1.9 2.3 3.5 4.3 4.4l1.7-1.2 2.8 1.6c-.1 1.4-1 2.4-2.4 2.4C6.6 13.8 2.2 9.4 2.2 4.6c0-1.4 1-2.3 2.4-2.4Z" />
  ),
  task: <path d="M3 3h10v10.5H3V3Zm2.5 3.2h5m-5 2.6h5m-5 2.6h3" />,
  mail: <path d="M2 4h12v8.5H2V4Zm0 .5L8 9l6-4.5" />,
  ear: (
    <path d="M5 6.2a3.2 3.2 0 1 1 6.2 1.2c-.5 1.2-1.9 1.7-1.9 3.2 0 1.7-.8 2.9-2 2.9-1 0-1.7-.7-1.8-1.6M7 6.6a1.3 1.3 0 1 1 2 1" />
  ),
  funnel: <path d="M2.2 3h11.6L9.4 8.3v4.9l-2.8-1.4V8.3L2.2 3Z" />,
  chat: <path d="M2.5 3.5h11v7H8l-3.2 2.6v-2.6H2.5v-7Z" />,
  ring: (
    <path d="M8 2.2a3.6 3.6 0 0 0-3.6 3.6c0 3.2-1.4 4.4-1.4 4.4h10s-1.4-1.2-1.4-4.4A3.6 3.6 0 0 0 8 2.2ZM6.7 12.7a1.4 1.4 0 0 0 2.6 0" />
  ),
  flag: <path d="M3.5 14V2.5m0 .6h8.7l-2 3 2 3H3.5" />,
  hold: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="M6.4 5.8v4.4M9.6 5.8v4.4" />
    </>
  ),
  pen: <path d="m3 13 .7-3L10.8 2.9l2.3 2.3L6 12.3 3 13Zm6.5-8.8 2.3 2.3" />,
  missed: (
    <path d="M4.6 3.2 6.2 6 5 7.6c.8 1.9 2.3 3.5 4.3 4.4l1.7-1.2 2.8 1.6c-.1 1.4-1 2.4-2.4 2.4C6.6 14.8 2.2 10.4 2.2 5.6c0-1.4 1-2.3 2.4-2.4ZM9.8 1.8l4 4m0-4-4 4" />
  ),
  critical: <path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4L5.4 2ZM8 4.8v3.8m0 2.2v.1" />,
  warning: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.8v3.8m0 2.2v.1" />
    </>
  ),
  lost: <path d="M2.2 6.4a8.6 8.6 0 0 1 11.6 0M4.6 9a5 5 0 0 1 6.8 0M8 12.2v.1M2.6 2.2l10.8 11.6" />,
  tag: <path d="M2.4 2.4h5.2l6 6-5.2 5.2-6-6V2.4Zm2.8 2.7v.1" />,
  people: (
    <path d="M5.6 7.4a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6ZM1.6 13.2c0-2.4 1.7-3.8 4-3.8s4 1.4 4 3.8M10.6 7.2a2 2 0 1 0-.7-3.9M11.4 9.5c1.8.2 3 1.5 3 3.7" />
  ),
  stop: <path d="M4 4h8v8H4V4Z" fill="currentColor" />,
  enter: <path d="M9.5 2.5h4v11h-4M2 8h8m-3-3 3 3-3 3" />,
  free: <path d="M3.5 7.2h9v6h-9v-6Zm2-.2V5a2.5 2.5 0 0 1 4.9-.8" />,
  seen: <path d="m1.2 8.6 3 3L9.4 5M7.4 11l.6.6L14 5" />,
  error: <path d="M8 2.3 14.3 13.3H1.7L8 2.3Zm0 4v3.2m0 1.9v.1" />,
  away: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="M8 4.8V8l2.2 1.6" />
    </>
  ),
  offline: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="m4.2 4.2 7.6 7.6" />
    </>
  ),
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  history: <path d="M3.2 5.2A5.6 5.6 0 1 1 2.4 8M2.6 2.4v3.2h3.2M8 5v3.2l2.2 1.4" />,
  play: <path d="M5 3.2 12.5 8 5 12.8V3.2Z" fill="currentColor" />,
  screen: <path d="M2 3.5h12v8H2v-8Zm4 10.5h4M8 11.5V14" />,
  leave: <path d="M6.5 2.5h-4v11h4M6 8h8m-3-3 3 3-3 3" />,
  close: <path d="m4 4 8 8m0-8-8 8" />,
  down: <path d="m4 6 4 4 4-4" />,
  left: <path d="m10 4-4 4 4 4" />,
  right: <path d="m6 4 4 4-4 4" />,
  timeline: <path d="M2 4h4m2.5 0H14M2 8h8.5m2 0H14M2 12h2.5M7 12h7" />,
  up: <path d="m4 10 4-4 4 4" />,
  gear: (
    <>
      <circle cx="8" cy="8" r="2.2" />
      <path d="M8 1.8v2m0 8.4v2M1.8 8h2m8.4 0h2M3.6 3.6 5 5m6 6 1.4 1.4m0-8.8L11 5m-6 6-1.4 1.4" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.4 3.4" />
    </>
  ),
  download: <path d="M8 2.5v7.5m-3-3 3 3 3-3M3 13.3h10" />,
  unheard: (
    <path d="M6 3.9A2 2 0 0 1 10 4v3.2M6 6.4V8a2 2 0 0 0 3 1.7M3.8 7.6a4.2 4.2 0 0 0 6.4 3.6M8 12v2.2m4.1-5.1c.1-.5.1-1 .1-1.5M2.4 2.4l11.2 11.2" />
  ),
  stale: <path d="M5 2.2h6M5 13.8h6M5.5 2.2c0 3.8 5 7.8 5 11.6m0-11.6c0 3.8-5 7.8-5 11.6" />,
  out: <path d="M9 2.7h4.3V7m-.3-4L7.5 8.5M11.5 9.5v3.8h-8.8V4.5h3.8" />,
  columns: <path d="M2.2 3h11.6v10H2.2V3Zm4 0v10m3.8-10v10" />,
  dots: <path d="M3.4 8h.1m4.5 0h.1m4.5 0h.1" strokeWidth="2.4" strokeLinecap="round" />,
  layers: <path d="M8 2.3 14 5.5 8 8.7 2 5.5 8 2.3ZM2.6 8.5 8 11.4l5.4-2.9M2.6 11 8 13.9 13.4 11" />,
  star: <path d="m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5L8 2Z" />,
  rows: <path d="M2.5 4h11m-11 4h11m-11 4h11" />,
  lock: <path d="M3.5 7.2h9v6h-9v-6Zm2-.2V5a2.5 2.5 0 0 1 5 0v2" />,
} satisfies Record<string, ReactNode>;
export type IconName = keyof typeof DRAWINGS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="vg-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {DRAWINGS[name]}
    </svg>
  );
}
