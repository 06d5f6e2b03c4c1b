import type { Child } from 'hono/jsx';

interface FieldProps {
  name: string;
  label: string;
  value: string;
  hint?: string | undefined;
  error?: string | undefined;
  type?: 'text' | 'email';
  autocomplete?: string;
  inputmode?: 'text' | 'numeric';
  pattern?: string;
  maxlength: number;
}

/** A required field with its label; hint and error are read out with it. */
export function Field({ name, label, hint, error, type = 'text', ...input }: FieldProps) {
  const described = [error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
      <input
        id={name}
        name={name}
        type={type}
        required
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={described || undefined}
        aria-invalid={error ? 'true' : undefined}
        {...input}
      />
    </div>
  );
}

/** What a form carries from one step to the next. */
export function Hidden({ values }: { values: Record<string, string> }) {
  return Object.entries(values).map(([name, value]) => <input type="hidden" name={name} value={value} />);
}

/** Ends a form and says which step comes next; one that leaves fields empty on purpose is `optional`. */
export function StepButton(props: { step: string; primary?: boolean; optional?: boolean; children?: Child }) {
  return (
    <button
      type="submit"
      name="step"
      value={props.step}
      class={props.primary ? 'primary' : undefined}
      formnovalidate={props.optional}
    >
      {props.children}
    </button>
  );
}

/** What went wrong with the whole form. */
export function Alert({ children }: { children?: Child }) {
  return (
    <p class="alert" role="alert">
      {children}
    </p>
  );
}
