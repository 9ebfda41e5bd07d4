/** A text in which what is looked for is marked. */
export function Marked({ text, marked }: { text: string; marked: string }) {
  const wanted = marked.trim().toLowerCase();
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted);
  // Some letters change their length with their case; then nothing is marked rather than something else.
  if (at < 0 || text.toLowerCase().length !== text.length) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
  );
}
