/** One thing that the sync panel says: a sign, what it is, and what follows from it. */
import type { LucideIcon } from "lucide-react";

export const SyncItem = ({ icon: Icon, title, words }: { readonly icon: LucideIcon; readonly title: string; readonly words: string }) => (
  <div className="sync-item">
    <Icon className="hint-icon" strokeWidth={1.75} aria-hidden="true" />
    <div>
      <p className="sync-item-title">{title}</p>
      <p className="sync-item-words">{words}</p>
    </div>
  </div>
);
