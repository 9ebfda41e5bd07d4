// A text with the first match of the search marked.

export function Marked({ text, marked }: { text: string; marked: string }) {
  const wanted = marked.trim().toLowerCase();
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted);
  // Some letters have another length in lower case; then nothing is marked, because the wrong part would be.
  if (at < 0 || text.toLowerCase().length !== text.length) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
  );
}
