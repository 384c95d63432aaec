/** Says that work goes on; how much of it is done, where that is known. */
export function Waiting(props: { readonly isBusy: boolean; readonly text: string; readonly done?: number }) {
  const { isBusy, text, done } = props;
  return (
    <div role="status">
      {isBusy && (
        <p>
          {text}
          <progress aria-label={text} max={1} {...(done !== undefined && { value: done })} />
        </p>
      )}
    </div>
  );
}
