export const d = '// scalable-backend-ignore module-boundary: not a comment';
