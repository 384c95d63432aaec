import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { codeOf, textOf } from './error-texts.ts';
import { useSpeech } from './visitor.ts';

/** Attributes that tie an input to its label, its hint and what is wrong with it. */
export interface FieldAttributes {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly error?: unknown;
  /** More about the error: where in the input it is. */
  readonly place?: string | undefined;
  readonly children: (attributes: FieldAttributes) => ComponentChildren;
}

/** An input with its label; what is wrong with it stands beside it, is announced, and the input gets the focus. */
export function Field({ id, label, hint, error, place, children }: FieldProps) {
  const box = useRef<HTMLDivElement>(null);
  const { say } = useSpeech();
  useEffect(() => {
    if (error !== undefined) box.current?.querySelector<HTMLElement>('input, textarea, select')?.focus();
  }, [error]);
  const code = codeOf(error);
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean);
  const describedBy = described.length === 0 ? undefined : described.join(' ');
  return (
    <div class="field" ref={box}>
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="note" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({ id, 'aria-describedby': describedBy, 'aria-invalid': error !== undefined })}
      <div role="alert" id={`${id}-error`}>
        {error !== undefined && (
          <p class="wrong">
            {say(`errors.${textOf(code)}`)} {place} <span class="code">{say('errors.code', { code })}</span>
          </p>
        )}
      </div>
    </div>
  );
}
