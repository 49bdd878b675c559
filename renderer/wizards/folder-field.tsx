import { shell } from '../app/shell.ts';
import { Button } from '../components/button.tsx';
import { Field } from '../components/field.tsx';

export type FolderFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly chooseLabel: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onChange: (path: string) => void;
};

/** A folder: typed, or chosen in the system's dialog. */
export function FolderField(props: FolderFieldProps) {
  const choose = async (): Promise<void> => {
    const answer = await shell()?.chooseFolder({
      title: props.label,
      ...(props.value === '' ? {} : { startIn: props.value }),
    });
    if (answer?.ok && answer.value !== null) props.onChange(answer.value);
  };
  return (
    <Field label={props.label} {...(props.hint === undefined ? {} : { hint: props.hint })}>
      {(field) => (
        <div className="row">
          <input
            {...field}
            className="input mono grow"
            value={props.value}
            placeholder={props.placeholder}
            spellCheck={false}
            maxLength={4096}
            onChange={(event) => props.onChange(event.target.value.trim())}
          />
          <Button onClick={() => void choose()}>{props.chooseLabel}</Button>
        </div>
      )}
    </Field>
  );
}
