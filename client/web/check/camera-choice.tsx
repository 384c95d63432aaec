import { useEffect, useRef, useState } from 'preact/hooks';
import { useSpeech } from '../frame/visitor.ts';
import { Camera } from './camera.tsx';

interface CameraChoiceProps {
  /** Id of the field that shows what was read: the focus goes there. */
  readonly field: string;
  readonly take: (text: string) => void;
}

/** The choice to read a QR code with the camera, beside a field that takes the same as text; stopped, the focus is at the choice again. */
export function CameraChoice({ field, take }: CameraChoiceProps) {
  const { say } = useSpeech();
  const [isLooking, setIsLooking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const isStopped = useRef(false);
  useEffect(() => {
    if (isStopped.current) button.current?.focus();
    isStopped.current = false;
  }, [isLooking]);
  const seen = (text: string): void => {
    setIsLooking(false);
    take(text);
    document.getElementById(field)?.focus();
  };
  const stop = (): void => {
    isStopped.current = true;
    setIsLooking(false);
  };
  if (isLooking) return <Camera seen={seen} stop={stop} />;
  return (
    <p>
      <button ref={button} type="button" onClick={() => setIsLooking(true)}>
        {say('checker.camera')}
      </button>
    </p>
  );
}
