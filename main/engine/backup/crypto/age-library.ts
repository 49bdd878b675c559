/**
 * The age library, loaded when the first encrypted file is met: with its curves and post-quantum algorithms it takes a tenth of a
 * second, which every start and every thread would pay.
 */
export const ageLibrary = (): Promise<typeof import('age-encryption')> => import('age-encryption');
