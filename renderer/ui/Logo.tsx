/**
 * The mark of Switchyard: a track, and a second one that leaves it.
 */
export const Logo = () => (
  <svg className="mark" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" aria-hidden="true">
    <path d="M4 2v12M4 11.5C4 8 11.5 8.5 11.5 4V2" />
    <circle cx="11.5" cy="13" r="1.4" fill="currentColor" stroke="none" />
  </svg>
);
