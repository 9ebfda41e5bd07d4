// Swagger UI has a dark theme, but does not ask the system which theme is wanted.
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

// Without `validatorUrl: null` the document would be sent to a server of Swagger's.
SwaggerUIBundle({
  // The server may be below a prefix of a proxy.
  url: new URL('../openapi.json', document.currentScript.src).href,
  dom_id: '#reference',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
